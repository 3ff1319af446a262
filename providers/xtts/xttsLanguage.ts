/** What XTTS v2 speaks, by its own codes. */
const languages = [
  ...['en', 'es', 'fr', 'de', 'it', 'pt', 'pl', 'tr', 'ru', 'nl', 'cs', 'ar', 'zh', 'hu', 'ko', 'ja', 'hi'],
];

/**
 * The server's code of a language: `de` of `de-AT`, `zh` of `zh-Hans-CN`.
 *
 * @throws TypeError for a language XTTS doesn't speak.
 */
export function xttsLanguage(tag: string): string {
  const [code = ''] = tag.toLowerCase().split('-');
  if (languages.includes(code)) return code;
  throw new TypeError(`xtts: language must be one of ${languages.join(', ')}, got ${JSON.stringify(tag)}`);
}
