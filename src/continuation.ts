import { ReplyDivergedError } from './errors.js';
import type { Message } from './message.js';

/** A reply that was cut off, taken apart at its last word boundary. */
export interface Continuation {
  /** Everything that was said. */
  readonly said: string;
  /** What was said before the last word, without white space at its end: what the model is asked to go on from. */
  readonly head: string;
  /** The white space and the word, perhaps only half of it, after `head`: the model says it again. */
  readonly cut: string;
}

/** Scripts without spaces between words are cut by the segmenter, in this much of the end. */
const longestWord = 64;

/** A model that goes on from a prefill may say this much again and mean it. */
const longestRefrain = 24;

/** Takes a text apart at its last word boundary: `head + cut` is the text. */
export function cutAtLastWord(said: string): Continuation {
  const trimmed = said.trimEnd();
  const word = trimmed.length < said.length ? '' : lastWord(said);
  const head = said.slice(0, said.length - word.length).trimEnd();
  return { said, head, cut: said.slice(head.length) };
}

function lastWord(text: string): string {
  let start = text.length;
  while (start > 0 && !/\s/.test(text.charAt(start - 1))) start -= 1;
  const word = text.slice(start);
  if (!unspaced.test(word)) return word;
  const segments = [
    ...new Intl.Segmenter(undefined, { granularity: 'word' }).segment(word.slice(-longestWord)),
  ];
  return segments.at(-1)?.segment ?? word;
}

/** Thai, Lao, Burmese, Khmer, Japanese, Chinese. */
const unspaced = /[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]/;

/** The conversation that makes the model go on from `head`. */
export function askToContinue(
  messages: readonly Message[],
  { head, cut }: Continuation,
  how: 'prefill' | 'instruction',
): readonly Message[] {
  const begun: Message = { role: 'assistant', content: head };
  if (how === 'prefill') return head === '' ? messages : [...messages, begun];
  const word = cut.trim();
  const start =
    word === '' ? '' : ` The next word begins with ${JSON.stringify(word)}: start with that whole word.`;
  const content =
    head === ''
      ? `Answer again.${start} Write nothing before it.`
      : `Your last message was cut off. Go on exactly where it stops.${start} Repeat nothing of it and add no remark.`;
  return [...messages, ...(head === '' ? [] : [begun]), { role: 'user', content }];
}

/**
 * What follows `said`, taken out of a reply that goes on from `head`: the cut word is stripped. A reply that begins
 * with everything that was said is understood too: not every model goes on when it is asked to.
 *
 * @throws ReplyDivergedError when the reply does not begin with the cut word: joining it would make a word up.
 */
export function followingText(
  reply: string,
  { said, cut }: Continuation,
  how: 'prefill' | 'instruction',
): string {
  const start = reply.trimStart();
  const lead = reply.slice(0, reply.length - start.length);
  const word = cut.trimStart();
  const whole = said.trim();
  // A few words could well be said twice on purpose; more is a reply that began again.
  const telling = how === 'prefill' ? whole.length >= longestRefrain : /\s/.test(whole);
  if (telling && start.startsWith(whole)) {
    const rest = start.slice(whole.length);
    const space = said.slice(said.trimEnd().length);
    return rest.startsWith(space) ? rest.slice(space.length) : rest.trimStart();
  }
  if (word.trim() === '') return lead.startsWith(cut) ? lead.slice(cut.length) + start : start;
  if (start.startsWith(word)) return start.slice(word.length);
  throw new ReplyDivergedError(`the reply does not go on with ${JSON.stringify(word)}`, {
    partial: said,
    reply,
  });
}
