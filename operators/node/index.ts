export { FileError } from './fileError.js';
export { playAloud, type PlayAloudConfig } from './playAloud.js';
export { findPlayer, PlayerError, type Player } from './player.js';
export { saveUtterances, type SavedUtterance, type SaveUtterancesConfig } from './saveUtterances.js';
export { saveWav, type SavedWav } from './saveWav.js';
