/** The locale as it was given, or a `TypeError` in the name of the function it was given to. */
export function checkedLocale(name: string, locale: unknown): string | undefined {
  if (locale === undefined) return undefined;
  try {
    if (typeof locale === 'string') return Intl.getCanonicalLocales(locale)[0];
  } catch {
    // Told below, with the value.
  }
  const got = typeof locale === 'string' ? `'${locale}'` : typeof locale;
  throw new TypeError(`${name}: locale must be a BCP 47 language tag such as 'en' or 'pt-BR', got ${got}`);
}
