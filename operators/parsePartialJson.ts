import type { StandardSchemaV1 } from '@standard-schema/spec';
import { concat, defer, tap, type OperatorFunction } from 'rxjs';
import type { JsonSchema } from '../src/chatModel.js';
import { isStandardSchema, toJsonSchema, validateAgainst } from '../src/jsonSchema.js';
import { readJson, type JsonSink } from '../src/readJson.js';

/** A value of which some, none or all has arrived. */
export type Partially<T> = T extends readonly (infer Item)[]
  ? readonly Partially<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]?: Partially<T[Key]> }
    : T;

/**
 * Turns the tokens of a JSON reply into the growing value: at most one emission a token, none for a token that
 * changes nothing. With a schema the reply is validated when it is complete, and the last emission is the schema's own
 * output.
 *
 * ```
 * {"n":   12,"say":"Hel   lo"}   |
 * {}      {n:12,say:'Hel'}   {n:12,say:'Hello'}   |
 * ```
 *
 * Strings show as much as has arrived; a number, `true`, `false` or `null` shows once it is whole, a member once its
 * value has begun. Emitted values are never changed afterwards: what has not grown is shared with the one before, and
 * only the containers that are still open are copied, so every character is read once. A Markdown fence around the
 * JSON is passed over. When it is not JSON, or ends too early, or does not fit the schema: `MalformedReplyError`, with
 * the `path` of what does not fit.
 *
 * ```ts
 * const schema = z.object({ mood: z.string(), answer: z.string() });
 * model('How are you?', { schema })
 *   .pipe(parsePartialJson(schema))
 *   .subscribe((reply) => console.log(reply.mood, reply.answer));
 * ```
 *
 * @param schema A Standard Schema or a JSON Schema. Without one, any JSON is accepted.
 * @see {@link pluckText} for speaking one field while it grows.
 */
export function parsePartialJson<T>(
  schema: StandardSchemaV1<unknown, T>,
): OperatorFunction<string, Partially<T>>;
export function parsePartialJson(schema?: StandardSchemaV1 | JsonSchema): OperatorFunction<string, unknown>;
export function parsePartialJson(schema?: StandardSchemaV1 | JsonSchema): OperatorFunction<string, unknown> {
  if (schema === undefined) return readJson(growingValue);
  // what is no schema at all is refused at call time; one that JSON Schema has no words for can validate all the same
  if (!isStandardSchema(schema)) toJsonSchema(schema);
  return (source) =>
    defer(() => {
      let last: unknown;
      const growing = source.pipe(
        readJson(growingValue),
        tap((value) => {
          last = value;
        }),
      );
      return concat(
        growing,
        defer(() => validateAgainst(schema, last)),
      );
    });
}

type Container = unknown[] | Record<string, unknown>;

interface Frame {
  container: Container;
  /** Where in the container the value being read goes. */
  key: string | number;
  /** The emission since which the container is ours to change. */
  since: number;
}

function growingValue(): JsonSink<unknown> {
  const frames: Frame[] = [];
  let root: unknown;
  let emission = 0;
  let changed = false;
  let text = '';

  /** Copies what has been emitted on the way to the innermost container; the outer ones are ours if an inner one is. */
  function own(): void {
    let first = frames.length;
    while (first > 0 && frames[first - 1]?.since !== emission) first--;
    for (const frame of frames.slice(first)) {
      frame.container = Array.isArray(frame.container) ? [...frame.container] : { ...frame.container };
      frame.since = emission;
      const parent = frames[first - 1];
      if (parent) put(parent, frame.container);
      else root = frame.container;
      first++;
    }
  }

  function set(value: unknown): void {
    changed = true;
    const frame = frames.at(-1);
    if (!frame) {
      root = value;
      return;
    }
    own();
    put(frame, value);
  }

  function nextItem(): void {
    const frame = frames.at(-1);
    if (frame && Array.isArray(frame.container)) frame.key = frame.container.length;
  }

  return {
    open(kind) {
      nextItem();
      const container: Container = kind === 'array' ? [] : {};
      set(container);
      frames.push({ container, key: '', since: emission });
    },
    close() {
      const frame = frames.pop();
      const parent = frames.at(-1);
      // nothing to do for the value; an unused name must not leak into the next member
      if (frame && parent && !Array.isArray(parent.container)) parent.key = '';
    },
    key(piece) {
      const frame = frames.at(-1);
      if (frame) frame.key = `${frame.key}${piece}`;
    },
    keyEnd() {
      // the member shows once its value has begun
    },
    stringStart() {
      nextItem();
      text = '';
      set(text);
    },
    string(piece) {
      text += piece;
      set(text);
    },
    stringEnd: forgetKey,
    scalar(value) {
      nextItem();
      set(value);
      forgetKey();
    },
    take() {
      if (!changed) return [];
      changed = false;
      emission++;
      return [root];
    },
  };

  function forgetKey(): void {
    const frame = frames.at(-1);
    if (frame && !Array.isArray(frame.container)) frame.key = '';
  }
}

function put({ container, key }: Frame, value: unknown): void {
  // as JSON.parse does: an own member, not the prototype
  if (key === '__proto__')
    Object.defineProperty(container, key, { value, writable: true, enumerable: true, configurable: true });
  else (container as Record<string | number, unknown>)[key] = value;
}
