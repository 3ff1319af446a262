export { FileError } from './fileError.js';
export { saveUtterances, type SavedUtterance, type SaveUtterancesConfig } from './saveUtterances.js';
export { saveWav, type SavedWav } from './saveWav.js';
