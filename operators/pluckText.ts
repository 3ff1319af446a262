import type { OperatorFunction } from 'rxjs';
import { MalformedReplyError } from '../src/errors.js';
import { formatPath, parsePath } from '../src/fieldPath.js';
import { readJson, type JsonSink } from '../src/readJson.js';

/**
 * Streams one string field of a JSON reply while it grows, decoded, so that it can be shown or spoken before the rest
 * of the reply is there.
 *
 * ```
 * {"mood":"so-so","answer":"It   is bl   ue.\n","sure":0.9}   |
 *                           It   is bl   ue.⏎                  |
 * ```
 *
 * An escape that is cut across tokens (`\u00` `e9`, both halves of a surrogate pair) is emitted once it is whole.
 * Memory is bounded: nothing but the field's way is remembered. A field that is missing or `null` emits nothing; a
 * field that is not a string, and a reply that is not JSON or ends too early, is a `MalformedReplyError` (after what
 * had been read before). Of two fields with the same name the first counts. A Markdown fence around the JSON is passed
 * over.
 *
 * ```ts
 * model('Why is the sky blue?', { schema: z.object({ answer: z.string(), sources: z.array(z.string()) }) })
 *   .pipe(pluckText('answer'), bufferSentences(), toSpeech(voice))
 *   .subscribe(play);
 * ```
 *
 * @param path The way to the field: `answer`, `reply.text`, `items[0].text`, `["odd.key"]`, or its steps as a list.
 * @see {@link parsePartialJson} for all of the reply.
 */
export function pluckText(path: string | readonly (string | number)[]): OperatorFunction<string, string> {
  const given: unknown = path;
  if (typeof given !== 'string' && !Array.isArray(given)) {
    throw new TypeError(`path must be like answer, answer.text or items[0].text, was ${String(given)}`);
  }
  const steps = typeof path === 'string' ? parsePath(path) : path;
  if (steps.length === 0) throw new TypeError('path must name a field, such as answer; it was empty');
  return readJson(() => plucked(steps));
}

interface Frame {
  /** Whether the way to the field goes through this container. */
  readonly onWay: boolean;
  readonly isArray: boolean;
  /** The array index, or the member's name as far as it can still matter. */
  key: string | number;
}

function plucked(steps: readonly (string | number)[]): JsonSink<string> {
  const frames: Frame[] = [];
  const longest = Math.max(...steps.map((step) => String(step).length));
  let found = '';
  let reading = false;
  let done = false;

  /** Whether the value that begins is on the way; the field itself when the way ends here. */
  function onWay(): boolean {
    const frame = frames.at(-1);
    if (!frame) return true;
    if (frame.isArray) frame.key = Number(frame.key) + 1;
    const key = frame.key;
    if (!frame.isArray) frame.key = '';
    return frame.onWay && key === steps[frames.length - 1];
  }

  function isField(): boolean {
    return onWay() && frames.length === steps.length && !done;
  }

  function notText(what: string): MalformedReplyError {
    const path = formatPath(steps);
    return new MalformedReplyError(`${path}: a string was expected, not ${what}`, { path });
  }

  return {
    open(kind) {
      const way = onWay();
      if (way && frames.length === steps.length && !done) throw notText(`an ${kind}`);
      frames.push({ onWay: way, isArray: kind === 'array', key: kind === 'array' ? -1 : '' });
    },
    close() {
      frames.pop();
    },
    key(piece) {
      const frame = frames.at(-1);
      // one character more than the longest step is enough to tell that it is another name
      if (frame && String(frame.key).length <= longest)
        frame.key = (String(frame.key) + piece).slice(0, longest + 1);
    },
    keyEnd() {
      // the name is used when its value begins
    },
    stringStart() {
      reading = isField();
    },
    string(piece) {
      if (reading) found += piece;
    },
    stringEnd() {
      done ||= reading;
      reading = false;
    },
    scalar(value) {
      if (isField() && value !== null) throw notText(`a ${typeof value}`);
    },
    take() {
      const text = found;
      found = '';
      return text === '' ? [] : [text];
    },
  };
}
