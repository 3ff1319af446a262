import { languagesFrom } from './language.js';

const unknown = () => undefined;

/**
 * English at once; other scripts are loaded with the first text, other languages in Latin letters when first asked for,
 * so that a page doesn't wait for what it may never speak. Until then, and where loading fails, titles and units known
 * everywhere do.
 */
export const lazyLanguages = languagesFrom(
  (found) => {
    import('./otherScripts.js').then(
      ({ otherScripts }) => Object.values(otherScripts).forEach(found),
      unknown,
    );
  },
  (code, found) => {
    import('./latinLanguages.js').then(({ latinLanguages }) => found(latinLanguages[code] ?? {}), unknown);
  },
);
