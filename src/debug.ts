import { environment } from './environment.js';

/** Where debug lines go. */
export type DebugSink = (
  namespace: string,
  message: string,
  details?: Readonly<Record<string, unknown>>,
) => void;

/** Prints lines of one namespace. */
export interface DebugLog {
  (message: string, details?: Readonly<Record<string, unknown>>): void;
  /** Whether anybody listens: ask before reckoning something only to print it. */
  readonly enabled: boolean;
}

interface WithStorage {
  readonly localStorage?: { getItem(name: string): string | null };
}

interface Switch {
  readonly pattern: string;
  readonly sink: DebugSink;
}

/** Undefined until somebody asks: the environment may be set after this module was loaded. */
let current: Switch | undefined;
let matched = new Map<string, boolean>();

/**
 * Turns debug output on, from code. The environment variable `DEBUG` (in browsers `localStorage.debug`) does the
 * same: a list of namespaces separated by commas or spaces, `*` for anything, `-` to leave some out.
 *
 * Namespaces are `rx-aloud:` and the name of a provider, an operator or a pipeline. Requests are printed without
 * secrets, replies as counts and timings.
 *
 * @param pattern Default `rx-aloud:*`.
 * @param sink Takes each line. Default: the console's error stream.
 * @returns A function that restores what was before.
 *
 * @example
 * ```ts
 * const off = enableDebug('rx-aloud:*,-rx-aloud:flite');
 * ```
 */
export function enableDebug(pattern = 'rx-aloud:*', sink: DebugSink = toConsole): () => void {
  const before = current;
  choose({ pattern, sink });
  return () => choose(before);
}

/**
 * Turns debug output off, whatever the environment says.
 *
 * ```ts
 * disableDebug();
 * ```
 */
export function disableDebug(): void {
  choose({ pattern: '', sink: toConsole });
}

/**
 * The log of one namespace, such as `rx-aloud:ollama`. Silent and almost free unless that namespace is on.
 *
 * @example
 * ```ts
 * const log = debug('rx-aloud:ollama');
 * log('request', { model: 'llama3.2' });
 * ```
 */
export function debug(namespace: string): DebugLog {
  const isEnabled = () => {
    current ??= { pattern: patternOfEnvironment(), sink: toConsole };
    let answer = matched.get(namespace);
    if (answer === undefined) {
      answer = matches(current.pattern, namespace);
      matched.set(namespace, answer);
    }
    return answer;
  };
  const log = (message: string, details?: Readonly<Record<string, unknown>>) => {
    if (isEnabled()) current?.sink(namespace, message, details);
  };
  return Object.defineProperty(log, 'enabled', { get: isEnabled }) as DebugLog;
}

function choose(next: Switch | undefined): void {
  current = next;
  matched = new Map();
}

function patternOfEnvironment(): string {
  try {
    return environment('DEBUG') ?? (globalThis as WithStorage).localStorage?.getItem('debug') ?? '';
  } catch {
    // Storage can be forbidden.
    return '';
  }
}

function matches(pattern: string, namespace: string): boolean {
  let answer = false;
  for (const word of pattern.split(/[\s,]+/).filter((part) => part !== '')) {
    const negative = word.startsWith('-');
    const parts = (negative ? word.slice(1) : word)
      .split('*')
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
    if (!new RegExp(`^${parts.join('.*')}$`).test(namespace)) continue;
    if (negative) return false;
    answer = true;
  }
  return answer;
}

function toConsole(namespace: string, message: string, details?: Readonly<Record<string, unknown>>): void {
  console.error(`${namespace} ${message}${details === undefined ? '' : ` ${JSON.stringify(details)}`}`);
}
