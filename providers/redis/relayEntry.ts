import type { RelayEnd } from '../../src/relay.js';
import { describeFailure, reviveFailure, type RelayFailure } from '../../src/relayFailure.js';
import type { RedisArgument } from './redisClient.js';

/** Something that JSON cannot carry, and where in the value it belongs: so many bytes, or an error. */
type Attachment =
  | { readonly at: readonly (string | number)[]; readonly bytes: number }
  | { readonly at: readonly (string | number)[]; readonly failure: RelayFailure };

/** Where an entry is. */
interface ReadPlace {
  readonly number: number;
  /** Its number, and the token of its producer. */
  readonly cursor: string;
  /** The cursor of the entry before it, where that is another producer's. */
  readonly after: string | undefined;
}

/** An entry as a listener reads it. */
export type ReadEntry = ReadPlace &
  ({ readonly type: 'value'; readonly value: unknown } | { readonly type: 'end'; readonly end: RelayEnd });

/** The number of a cursor. */
export const numberOf = (cursor: string) => Number.parseInt(cursor, 10);

/**
 * What an entry is to who has heard all up to a cursor. Numbers are not enough: where Redis has lost entries that it had
 * told, a successor has given theirs to others.
 */
export function placeAfter(cursor: string, entry: ReadEntry): 'known' | 'next' | 'gap' {
  const { number, cursor: own, after } = entry;
  const [digits, token] = cursor.split('-');
  const position = Number(digits);
  if (own === cursor || number < position || (number === position && token === undefined)) return 'known';
  if (number !== position + 1) return 'gap';
  // Without a token nothing has been heard, or it is not known of whom. A cancel is one whatever was before it.
  const isNext = token === undefined || own.endsWith(`-${token}`) || own.endsWith('-0') || after === cursor;
  return isNext ? 'next' : 'gap';
}

const deepest = 64;
const noBytes = Buffer.alloc(0);

/**
 * A value as the words of a stream's entry: `v` JSON, and where it holds bytes or errors, `a` what belongs where and
 * `b` all bytes in a row, as they are.
 *
 * @throws TypeError where neither JSON nor that can carry it.
 */
export function encodeValue(value: unknown, secrets: readonly string[]): RedisArgument[] {
  if (typeof value === 'string') return ['v', JSON.stringify(value)];
  const attachments: Attachment[] = [];
  const chunks: Uint8Array[] = [];

  const plain = (part: unknown, at: readonly (string | number)[]): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    if (at.length > deepest)
      throw new TypeError('relay: a value that is nested this deep cannot be published');
    if (part instanceof Uint8Array) {
      attachments.push({ at, bytes: part.byteLength });
      chunks.push(part);
      return null;
    }
    if (part instanceof Error) {
      attachments.push({ at, failure: describeFailure(part, secrets) });
      return null;
    }
    if (part instanceof ArrayBuffer || ArrayBuffer.isView(part)) {
      throw new TypeError(`relay: ${part.constructor.name} cannot be published, only Uint8Array can`);
    }
    if (Array.isArray(part)) return part.map((inner, index) => plain(inner, [...at, index]));
    if ('toJSON' in part) return part;
    return Object.fromEntries(
      Object.entries(part).map(([name, inner]) => [name, plain(inner, [...at, name])]),
    );
  };

  // There is no JSON for `undefined`: then it is empty.
  const json = (JSON.stringify(plain(value, [])) as string | undefined) ?? '';
  if (attachments.length === 0) return ['v', json];
  const [only = noBytes, ...others] = chunks;
  const bytes =
    others.length === 0 ? Buffer.from(only.buffer, only.byteOffset, only.byteLength) : Buffer.concat(chunks);
  return ['v', json, 'a', JSON.stringify(attachments), 'b', bytes];
}

/** An end as the words of a stream's last entry. */
export function encodeEnd(end: RelayEnd, secrets: readonly string[]): RedisArgument[] {
  if (end.type !== 'error') return ['end', end.type];
  return ['end', 'error', 'v', JSON.stringify(describeFailure(end.error, secrets))];
}

/** What a successor's first entry has besides: which one it goes on from. */
export function firstOfSuccessor(cursor: string): RedisArgument[] {
  return ['after', cursor];
}

const decoded = new WeakMap<readonly unknown[], ReadEntry>();

/** An entry out of Redis: its id, then names and contents in turn. Decoded once for all who listen. */
export function decodeEntry(raw: readonly [Buffer, readonly Buffer[]]): ReadEntry {
  const entry = decoded.get(raw) ?? decode(raw);
  decoded.set(raw, entry);
  return entry;
}

function decode([id, words]: readonly [Buffer, readonly Buffer[]]): ReadEntry {
  const fields = new Map<string, Buffer>();
  for (let index = 0; index + 1 < words.length; index += 2) {
    fields.set(String(words[index]), words[index + 1] ?? noBytes);
  }
  const cursor = id.toString('latin1');
  const place: ReadPlace = {
    number: numberOf(cursor),
    cursor,
    after: fields.get('after')?.toString('latin1'),
  };
  const json = String(fields.get('v') ?? '');
  const type = fields.get('end')?.toString('latin1');
  if (type === 'error') {
    return { ...place, type: 'end', end: { type, error: reviveFailure(JSON.parse(json) as RelayFailure) } };
  }
  if (type === 'complete' || type === 'aborted') return { ...place, type: 'end', end: { type } };
  const root = { value: json === '' ? undefined : (JSON.parse(json) as unknown) };
  const attached = fields.get('a');
  if (attached !== undefined) {
    const bytes = fields.get('b') ?? noBytes;
    let from = 0;
    for (const attachment of JSON.parse(String(attached)) as readonly Attachment[]) {
      if ('failure' in attachment) {
        put(root, attachment.at, reviveFailure(attachment.failure));
      } else {
        // A copy: what was read may be a part of something larger.
        put(root, attachment.at, new Uint8Array(bytes.subarray(from, from + attachment.bytes)));
        from += attachment.bytes;
      }
    }
  }
  return { ...place, type: 'value', value: root.value };
}

function put(root: { value: unknown }, at: readonly (string | number)[], part: unknown): void {
  let holder = root as unknown as Record<string | number, unknown>;
  let name: string | number = 'value';
  for (const step of at) {
    holder = holder[name] as Record<string | number, unknown>;
    name = step;
  }
  holder[name] = part;
}
