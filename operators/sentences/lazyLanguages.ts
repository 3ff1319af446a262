import { languagesFrom } from './language.js';

/**
 * English and every other script at once; other languages in Latin letters are loaded when first asked for, so that a
 * page doesn't pay for what it never speaks. Until then, and where loading fails, titles and units known everywhere do.
 */
export const lazyLanguages = languagesFrom((code, found) => {
  import('./latinLanguages.js').then(
    ({ latinLanguages }) => found(latinLanguages[code] ?? {}),
    () => undefined,
  );
});
