import {
  concatMap,
  defer,
  filter,
  map,
  materialize,
  concat,
  tap,
  throwError,
  type MonoTypeOperatorFunction,
} from 'rxjs';
import { shown } from '../src/shown.js';

/** How reasoning is told from text, and where it goes. */
export interface HideReasoningConfig {
  /**
   * What encloses reasoning: a name stands for `<name>` and `</name>`, a pair for itself. Compared exactly.
   * Default: `['think']`.
   */
  readonly tags?: readonly (string | readonly [open: string, close: string])[] | undefined;
  /** Whether the reply begins inside the first of the tags: some servers send only the closing one. Default: false. */
  readonly startsInside?: boolean | undefined;
  /** Is given the reasoning, piece by piece, in place of dropping it. What it throws fails the stream. */
  readonly redirect?: ((reasoning: string) => void) | undefined;
}

/**
 * Drops the reasoning that some models write into their text, `<think>…</think>`, or gives it to `redirect`.
 *
 * ```
 * <th   ink>Hm   m.</thi   nk>It's   2 <   3.   |
 *                          It's   2    < 3.   |
 * ```
 *
 * A tag is found however it is cut across tokens. Text goes on at once, but for an end that may be the beginning of a
 * tag; when it turns out not to be one, it goes on unchanged, as does a closing tag that closes nothing. Reasoning
 * that is never closed lasts until the end. What follows a tag is not trimmed. On an error, what was held back comes
 * first.
 *
 * ```ts
 * deepseek('Why is the sky blue?')
 *   .pipe(hideReasoning({ redirect: (thought) => console.debug(thought) }), bufferSentences(), toSpeech(voice))
 *   .subscribe(play);
 * ```
 *
 * Providers whose protocol keeps reasoning apart don't need it: there it is in `model.events` and not in the text.
 *
 * @throws TypeError when an option is out of range.
 */
export function hideReasoning(config: HideReasoningConfig = {}): MonoTypeOperatorFunction<string> {
  const { tags: named = ['think'], startsInside = false, redirect = () => undefined } = config;
  const list: unknown = named;
  if (!Array.isArray(list) || list.length === 0) {
    throw new TypeError(`hideReasoning: tags must be a list of one tag or more, got ${JSON.stringify(list)}`);
  }
  if (typeof redirect !== 'function') {
    throw new TypeError(`hideReasoning: redirect must be a function, got ${shown(redirect)}`);
  }
  const tags = named.map(toTag);
  return (source) =>
    defer(() => {
      const split = splitter(tags, startsInside ? tags[0] : undefined);
      return source.pipe(
        materialize(),
        concatMap((event) => {
          if (event.kind === 'N') return split(event.value, false);
          const rest = split('', true);
          return event.kind === 'C'
            ? rest
            : concat(
                rest,
                throwError(() => event.error as Error),
              );
        }),
        tap(({ reasoning, text }) => {
          if (reasoning) redirect(text);
        }),
        filter(({ reasoning }) => !reasoning),
        map(({ text }) => text),
      );
    });
}

interface Tag {
  readonly open: string;
  readonly close: string;
}

interface Piece {
  readonly reasoning: boolean;
  readonly text: string;
}

function toTag(tag: string | readonly [string, string]): Tag {
  const [open, close] =
    typeof tag === 'string' ? [tag && `<${tag}>`, tag && `</${tag}>`] : Array.isArray(tag) ? tag : [];
  if (typeof open !== 'string' || typeof close !== 'string' || open === '' || close === '')
    throw new TypeError(
      `hideReasoning: tags must be names, or pairs of an opening and a closing text, got ${JSON.stringify(tag)}`,
    );
  return { open, close };
}

/** Takes text in pieces and gives back, as early as possible, what is reasoning and what is not. */
function splitter(
  tags: readonly Tag[],
  start: Tag | undefined,
): (token: string, whole: boolean) => readonly Piece[] {
  let inside = start;
  let held = '';
  return (token, whole) => {
    const pieces: Piece[] = [];
    let text = held + token;
    held = '';
    while (text !== '') {
      const marks = inside ? [inside.close] : tags.map(({ open }) => open);
      const found = firstOf(marks, text);
      if (!found) {
        const length = whole ? 0 : heldLength(marks, text);
        held = text.slice(text.length - length);
        add(text.slice(0, text.length - length));
        break;
      }
      add(text.slice(0, found.at));
      text = text.slice(found.at + found.mark.length);
      inside = inside ? undefined : tags.find(({ open }) => open === found.mark);
    }
    return pieces;

    function add(part: string): void {
      if (part !== '') pieces.push({ reasoning: inside !== undefined, text: part });
    }
  };
}

/** The mark that is whole first: the choice must not depend on how much of the text is there yet. */
function firstOf(
  marks: readonly string[],
  text: string,
): { readonly at: number; readonly mark: string } | undefined {
  return marks
    .map((mark) => ({ at: text.indexOf(mark), mark }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at + a.mark.length - (b.at + b.mark.length) || a.at - b.at)[0];
}

/** How much of the end may still become a mark. */
function heldLength(marks: readonly string[], text: string): number {
  return Math.max(
    ...marks.map((mark) => {
      for (let length = Math.min(mark.length - 1, text.length); length > 0; length--)
        if (text.endsWith(mark.slice(0, length))) return length;
      return 0;
    }),
  );
}
