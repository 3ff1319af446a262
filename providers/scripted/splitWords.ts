const unspaced =
  '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}';
const token = new RegExp(`\\s*(?:[${unspaced}]{1,2}|[^\\s${unspaced}]{1,8})|\\s+`, 'gu');
const word = new RegExp(`[${unspaced}]{1,2}|[^\\s${unspaced}]+`, 'gu');

/** Text as a model would send it: joined, the tokens are the text; a token begins with the white space before it. */
export function splitTokens(text: string): readonly string[] {
  return text.match(token) ?? [];
}

/** The words of a text, with the marks that touch them; scripts without spaces in pairs of characters. */
export function splitWords(text: string): readonly string[] {
  return (text.match(word) ?? []).filter((each) => /[\p{L}\p{N}]/u.test(each));
}
