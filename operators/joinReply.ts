import { matchText, type TextMatch } from './matchText.js';

/** Joins a second telling of a reply, as it arrives, to what has been emitted already. */
export interface ReplyJoin {
  /** The next piece of the second telling; returns what can be emitted now, `''` while that is undecided. */
  push(text: string): string;
  /** The second telling is over; returns what is left to emit. */
  end(): string;
}

const wordCharacter = /[\p{L}\p{N}\p{M}]/u;
/** What may stand between white space and a word: quotes, brackets, dashes, Markdown marks. */
const opening = /[\s\p{Ps}\p{Pi}"'*_~`#¿¡—–]/u;
const apostrophe = /['’]/;

/**
 * The joining that `fallbackToComplete` promises. `diverged` is told the second telling as far as it is known and
 * returns what to emit instead, or throws.
 */
export function joinReply(
  partial: string,
  expects: 'whole' | 'continuation' | 'auto',
  diverged: (reply: string) => string,
): ReplyJoin {
  // White space says nothing yet: a reply that has not begun cannot be contradicted.
  const unsaid = expects !== 'auto' && partial.trim() === '';
  let decided = partial === '' || expects === 'continuation';
  let reply = '';
  let whole: TextMatch | null = matchText(partial, 0);
  let overlaps: readonly Overlap[] = [];

  const settle = (text: string) => {
    decided = true;
    return text;
  };
  const contradicted = () => settle(unsaid ? reply : diverged(reply));
  const judgeOverlap = (ended: boolean): string => {
    for (const overlap of overlaps) {
      if (overlap.match.state === 'equal' && !ended) return '';
      if (overlap.match.state !== 'matched') continue;
      const verdict = isRepeat(overlap, reply.slice(overlap.match.length), ended);
      if (verdict === 'undecided') return '';
      if (verdict) return settle(reply.slice(overlap.match.length));
    }
    return settle(reply);
  };

  return {
    push(text) {
      if (decided) return text;
      reply += text;
      if (whole) {
        whole.feed(text);
        if (whole.state === 'equal') return '';
        if (whole.state === 'matched') return settle(reply.slice(whole.length));
        if (expects === 'whole' || sharesWords(partial, whole, reply, 3)) return contradicted();
        whole = null;
        overlaps = overlapsOf(partial);
        for (const overlap of overlaps) overlap.match.feed(reply);
      } else {
        for (const overlap of overlaps) overlap.match.feed(text);
      }
      overlaps = overlaps.filter(({ match }) => match.state !== 'different');
      return judgeOverlap(false);
    },
    end() {
      if (decided) return '';
      if (whole) {
        const missing = partial.slice(whole.matched);
        const isWhole = expects === 'whole' || sharesWords(partial, whole, reply, 3);
        // A reply that only lacks the white space at the end has told everything; in 'auto' an empty reply, too, has
        // nothing to add.
        if (missing.trim() === '' && (isWhole || whole.inWhiteSpace)) return '';
        if (isWhole) return contradicted();
        overlaps = overlapsOf(partial);
        for (const overlap of overlaps) overlap.match.feed(reply);
      }
      return judgeOverlap(true);
    },
  };
}

interface Overlap {
  readonly match: TextMatch;
  readonly text: string;
  /** The overlap is one word, up to the very end of what was said. */
  readonly single: boolean;
}

/** Every place in `partial`, after its start, where a word begins: longest overlap first. */
function overlapsOf(partial: string): readonly Overlap[] {
  const overlaps: Overlap[] = [];
  for (let at = 1; at < partial.length; at++) {
    if (!opening.test(partial.charAt(at - 1)) || /\s/.test(partial.charAt(at))) continue;
    const text = partial.slice(at);
    overlaps.push({ match: matchText(partial, at), text, single: !/\s\S/.test(text) });
  }
  return overlaps;
}

/**
 * Whether a matched overlap is one that was said before. One word alone must be a cut one: of three letters or
 * more, said to the very end, and longer in the reply. `20|20` and `no |no` are left as they are.
 */
function isRepeat({ text, single }: Overlap, rest: string, ended: boolean): boolean | 'undecided' {
  if (!single) return true;
  if (/\s$/.test(text) || (text.match(/\p{L}/gu)?.length ?? 0) < 3) return false;
  if (rest === '') return ended ? false : 'undecided';
  if (!apostrophe.test(rest.charAt(0))) return startsWithWordCharacter(rest);
  if (rest.length === 1 && !ended) return 'undecided';
  return startsWithWordCharacter(rest.slice(1));
}

/** Whether the two texts had `count` whole words in common before they parted. */
function sharesWords(partial: string, match: TextMatch, reply: string, count: number): boolean {
  const cutInside = startsWithWordCharacter(reply.slice(match.length));
  let shared = 0;
  for (const { index, segment, isWordLike } of new Intl.Segmenter(undefined, {
    granularity: 'word',
  }).segment(partial)) {
    const end = index + segment.length;
    if (end > match.matched || (end === match.matched && cutInside)) return false;
    if (isWordLike === true && ++shared === count) return true;
  }
  return false;
}

function startsWithWordCharacter(text: string): boolean {
  const first = text.codePointAt(0);
  return first !== undefined && wordCharacter.test(String.fromCodePoint(first));
}
