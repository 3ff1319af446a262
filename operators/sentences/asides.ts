/** A parenthesis or quote that stays open longer than this was never meant to close. */
export const longestAside = 150;
/** Which characters open what a closing one closes; the quotes of many languages differ in direction only. */
const pairs: Readonly<Record<string, string>> = {
  ')': '(',
  ']': '[',
  '}': '{',
  '”': '“„”',
  '’': '‘‚',
  '»': '«»',
  '›': '‹',
  '“': '„',
  '‘': '‚',
  '«': '»',
  '」': '「',
  '』': '『',
  '）': '（',
  '】': '【',
  '》': '《',
  '〉': '〈',
};

/** The brackets and quotes that are open at a place in a text. */
export class Asides {
  /** Where the straight double quote that is open stands, or -1: it opens and closes alike. */
  quote = -1;
  readonly #open: { readonly at: number; readonly opener: string }[] = [];

  /** Whether no bracket is open, nor a quote with a direction. */
  get none(): boolean {
    return this.#open.length === 0;
  }

  /** What was opened last, and is open still. */
  get last(): string | undefined {
    return this.#open.at(-1)?.opener;
  }

  /** A bracket or quote opens, unless it closes one: `„so“`, `»so«`. */
  opens(code: number, at: number): void {
    const opener = String.fromCharCode(code);
    if (!'“‘«'.includes(opener) || !this.closes(code, at)) this.add(code, at);
  }

  /** A bracket or quote that opens for certain. */
  add(code: number, at: number): void {
    this.#open.push({ at, opener: String.fromCharCode(code) });
    if (this.#open.length > 8) this.#open.shift();
  }

  /** Closes what the character closes, and all that was opened inside; false where it closes nothing. */
  closes(code: number, at: number): boolean {
    const openers = pairs[String.fromCharCode(code)] ?? '';
    for (let index = this.#open.length - 1; index >= 0; index--) {
      const aside = this.#open[index];
      if (!aside || at - aside.at > 4 * longestAside) break;
      if (openers.includes(aside.opener)) {
        this.#open.length = index;
        return true;
      }
    }
    return false;
  }

  /** A straight quote opens or closes. */
  quotes(at: number): void {
    this.quote = this.quote < 0 || at - this.quote > longestAside ? at : -1;
  }

  /** Whether anything is open that is not too old to close yet. */
  openAt(position: number): boolean {
    const open = this.#open;
    while (open.length > 0 && position - (open[0]?.at ?? 0) > longestAside) open.shift();
    return open.length > 0 || this.quote >= 0;
  }

  /** Whether the mark at `mark` stands inside a bracket that was opened after `start`. */
  bracketed(mark: number, start: number, position: number): boolean {
    return this.#open.some(
      ({ at, opener }) =>
        at < mark && at > start && position - at <= longestAside && '([{（'.includes(opener),
    );
  }

  /** Whether it stands inside a bracket or quote that was opened at `start` or after it. */
  enclosed(mark: number, start: number, position: number): boolean {
    return (
      this.quote >= 0 ||
      this.#open.some(({ at }) => at < mark && at >= start && position - at <= longestAside)
    );
  }

  /** Whatever was open is over. */
  clear(): void {
    this.#open.length = 0;
    this.quote = -1;
  }
}
