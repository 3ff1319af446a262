import { languagesFrom } from './language.js';
import { latinLanguages } from './latinLanguages.js';
import { otherScripts } from './otherScripts.js';

/** Every language, at once. */
export const everyLanguage = languagesFrom(
  (found) => Object.values(otherScripts).forEach(found),
  (code, found) => found(latinLanguages[code] ?? {}),
);
