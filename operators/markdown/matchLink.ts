/** A link, an image or a footnote mark at the start of a text. */
export interface Link {
  /** Its length with everything that belongs to it. */
  readonly length: number;
  /** What is to be heard of it, Markdown still. */
  readonly text: string;
}

/** Characters of a link's text. */
const longestText = 300;
/** Characters of a link with its address and title. */
export const longestLink = 3000;

/**
 * Looks for a link at the `[` that `text` begins with: `[text](address "title")`, `[text][name]`, `[^note]`.
 *
 * @param more whether more of the text may come; then `undefined` asks for it.
 * @param afterWord whether a letter or digit stands before it, as in `list[0](x)`.
 * @returns `null` when it is no link.
 */
export function matchLink(text: string, more: boolean, afterWord: boolean): Link | null | undefined {
  const close = closing(text, 0, '[', ']', longestText);
  if (close === undefined) return more && text.length < longestText ? undefined : null;
  if (close === null) return null;
  const inner = text.slice(1, close);
  const next = text[close + 1];
  if (next === undefined && more) return undefined;
  if (/^\^[^\s\]]+$/.test(inner)) return { length: close + 1, text: '' };
  if (next === '(') {
    const end = closing(text, close + 1, '(', ')', longestLink);
    // A link that is cut by the end of the text: its address is not to be heard either.
    if (end === undefined)
      return more
        ? undefined
        : looksLikeAddress(text.slice(close + 2))
          ? { length: text.length, text: inner }
          : null;
    if (end === null) return null;
    const inside = text.slice(close + 2, end);
    if (!/^\s*(?:<[^<>]*>|\S*)(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?\s*$/.test(inside)) return null;
    return afterWord && !looksLikeAddress(inside) ? null : { length: end + 1, text: inner };
  }
  if (next === '[' && !afterWord) {
    const end = closing(text, close + 1, '[', ']', longestText);
    if (end === undefined) return more && text.length - close < longestText ? undefined : null;
    return end === null ? null : { length: end + 1, text: inner };
  }
  return null;
}

function looksLikeAddress(text: string): boolean {
  return /[:/.#]/.test(text);
}

/** Where the bracket at `from` is closed: `null` for nowhere, `undefined` where the text ends before. */
function closing(
  text: string,
  from: number,
  opens: string,
  closes: string,
  longest: number,
): number | null | undefined {
  let depth = 0;
  for (let i = from; i < from + longest; i++) {
    const character = text[i];
    if (character === undefined) return undefined;
    if (character === '\\') i++;
    else if (character === opens) depth++;
    else if (character === closes && --depth === 0) return i;
    // A paragraph's end, and an address on two lines, are no links.
    else if (character === '\n' && (opens === '(' || text[i + 1] === '\n')) return null;
  }
  return null;
}
