const mark = '[redacted]';
/** Shorter ones are placeholders such as `none`: replacing them would only garble messages. */
const shortestSecret = 4;
const deepest = 8;

/** Replaces known secrets. */
export interface Redactor {
  /** The text without the secrets. */
  readonly text: (text: string) => string;
  /**
   * The same error without the secrets: message, stack, causes, and every nested property (headers, requests,
   * response bodies) are cleaned in place, so that `instanceof` still tells what it was. What is not an error comes
   * back as a cleaned copy.
   */
  readonly clean: <T>(value: T) => T;
}

/**
 * Makes a redactor of known secrets: API keys, passwords in URLs, tokens in headers. Each is found as it is, and as
 * it looks in a URL and in JSON.
 *
 * @example
 * ```ts
 * const { text } = redactor(['sk-1234']);
 * text('invalid key sk-1234'); // 'invalid key [redacted]'
 * ```
 */
export function redactor(secrets: Iterable<string | undefined>): Redactor {
  const spellings = new Set<string>();
  for (const secret of secrets) {
    if (secret === undefined || secret.length < shortestSecret) continue;
    spellings.add(secret);
    spellings.add(encodeURIComponent(secret));
    spellings.add(JSON.stringify(secret).slice(1, -1));
  }
  // The longest first: one spelling may be part of another.
  const known = [...spellings].sort((a, b) => b.length - a.length);
  const text = (input: string) => known.reduce((clean, secret) => clean.replaceAll(secret, mark), input);
  return {
    text,
    clean: <T>(value: T) => (known.length === 0 ? value : (clean(value, text, new Map(), 0) as T)),
  };
}

/** Passwords and keys that a URL carries: `https://user:password@host/?key=…`. */
export function secretsOfUrl(url: string | undefined): string[] {
  if (url === undefined || !URL.canParse(url)) return [];
  const { password, username, searchParams } = new URL(url);
  const found = [password, decodeURIComponent(password)];
  if (password !== '') {
    found.push(btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`));
  }
  for (const [name, value] of searchParams) if (secretName.test(name)) found.push(value);
  return found.filter((secret) => secret !== '');
}

/** Values of the headers that authenticate, whole and without their scheme. */
export function secretsOfHeaders(headers: unknown): string[] {
  if (headers === undefined || headers === null || typeof headers !== 'object') return [];
  const entries: Iterable<readonly unknown[]> =
    Symbol.iterator in headers ? (headers as Iterable<readonly unknown[]>) : Object.entries(headers);
  const found: string[] = [];
  for (const [name, value] of entries) {
    if (typeof name !== 'string' || typeof value !== 'string' || !secretName.test(name)) continue;
    found.push(value, value.replace(/^\w+\s+/, ''));
  }
  return found;
}

const secretName = /auth|key|token|secret|cookie|password/i;

function clean(value: unknown, text: Redactor['text'], seen: Map<object, unknown>, depth: number): unknown {
  if (typeof value === 'string') return text(value);
  if (value === null || typeof value !== 'object') return value;
  const before = seen.get(value);
  if (before !== undefined) return before;
  if (depth >= deepest) return '[…]';
  const inner = (part: unknown) => clean(part, text, seen, depth + 1);

  if (value instanceof Error) {
    // What is frozen cannot be cleaned in place; a copy that looks the same can.
    const error = Object.isFrozen(value) ? thawed(value) : value;
    seen.set(value, error);
    for (const key of Reflect.ownKeys(error)) cleanProperty(error, key, inner);
    return error;
  }
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    seen.set(value, copy);
    for (const part of value) copy.push(inner(part));
    return copy;
  }
  if (value instanceof Headers) {
    const copy = new Headers();
    value.forEach((content, name) => copy.append(name, text(content)));
    seen.set(value, copy);
    return copy;
  }
  if (value instanceof URL) return new URL(text(value.href));
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    const decoded = new TextDecoder().decode(bytes);
    const cleaned = text(decoded);
    return cleaned === decoded ? value : cleaned;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) {
    const copy: Record<PropertyKey, unknown> = {};
    seen.set(value, copy);
    for (const key of Reflect.ownKeys(value)) {
      copy[typeof key === 'string' ? text(key) : key] = inner((value as Record<PropertyKey, unknown>)[key]);
    }
    return copy;
  }
  // Responses, requests, clients, maps: what they hold inside cannot be vouched for.
  const name: unknown = (value as { constructor?: { name?: unknown } }).constructor?.name;
  return `[${typeof name === 'string' ? name : 'object'}]`;
}

function thawed(error: Error): Error {
  const properties = Object.entries(Object.getOwnPropertyDescriptors(error)).map(
    ([name, { value, enumerable = false }]) =>
      [name, { value: value as unknown, enumerable, configurable: true, writable: true }] as const,
  );
  return Object.create(Object.getPrototypeOf(error) as object, Object.fromEntries(properties)) as Error;
}

function cleanProperty(error: Error, key: PropertyKey, inner: (part: unknown) => unknown): void {
  const property = Object.getOwnPropertyDescriptor(error, key);
  if (property === undefined) return;
  const old: unknown = Reflect.get(error, key);
  const cleaned = inner(old);
  if (cleaned === old) return;
  const { enumerable = false } = property;
  if (property.configurable === true) {
    Object.defineProperty(error, key, { value: cleaned, enumerable, configurable: true, writable: true });
  } else {
    Reflect.set(error, key, cleaned);
  }
}
