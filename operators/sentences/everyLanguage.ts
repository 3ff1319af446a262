import { languagesFrom } from './language.js';
import { latinLanguages } from './latinLanguages.js';

/** Every language, at once. */
export const everyLanguage = languagesFrom((code, found) => found(latinLanguages[code] ?? {}));
