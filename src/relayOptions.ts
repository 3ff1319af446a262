import type { Filled } from './filled.js';
import type { RelayOpenOptions, RelayReplayOptions } from './relay.js';

/** What every relay keeps, and for how long. */
export interface RelayConfig {
  /**
   * Entries of a stream that are kept, at least; older ones are trimmed, and who asks for them gets a `RelayGapError`.
   * A whole number over 0, or `Infinity`. Default: 10,000.
   */
  readonly maxLength?: number | undefined;
  /**
   * Milliseconds that a stream's entries are kept after its last write, or its producer's last sign of life. At least
   * `lease`. Default: one hour. That there was such a stream is remembered ten times as long.
   */
  readonly ttl?: number | undefined;
  /** Milliseconds without a sign of life after which a producer counts as lost. Over 0. Default: 15,000. */
  readonly lease?: number | undefined;
  /** What must not leave in an error's text, besides the keys of the environment and what looks like one. */
  readonly secrets?: readonly string[] | undefined;
}

const isCount = (value: number) => value === Infinity || (Number.isSafeInteger(value) && value > 0);
const refuse = (what: string, allowed: string, got: unknown): never => {
  throw new TypeError(
    `${what} must be ${allowed}, got ${typeof got === 'string' ? `'${got}'` : String(got)}`,
  );
};

/** A relay's options in full. */
export function checkedRelay(name: string, config: RelayConfig): Filled<RelayConfig> {
  const { maxLength = 10_000, lease = 15_000, ttl = Math.max(3_600_000, lease), secrets = [] } = config;
  if (!isCount(maxLength)) refuse(`${name}: maxLength`, 'a whole number over 0, or Infinity', maxLength);
  if (!(lease > 0 && lease < Infinity)) refuse(`${name}: lease`, 'milliseconds over 0', lease);
  if (!(ttl >= lease && ttl < Infinity)) {
    refuse(`${name}: ttl`, `milliseconds, at least lease (${String(lease)})`, ttl);
  }
  return { maxLength, lease, ttl, secrets };
}

/** The id of a stream, as the method of that name was given it. */
export function checkedStreamId(method: string, id: string): void {
  // Half a character has no bytes of its own: two such ids could have one key.
  if (typeof id !== 'string' || id === '' || /\p{Surrogate}/u.test(id)) {
    refuse(`${method}: id`, 'a well-formed text of one character or more', id);
  }
}

/** What `open` was given, in full. */
export function checkedOpen(options: RelayOpenOptions) {
  const { takeOver = false, valve, maxPending = 10_000 } = options;
  if (!isCount(maxPending)) refuse('open: maxPending', 'a whole number over 0, or Infinity', maxPending);
  return { takeOver, valve, maxPending };
}

/** What `replay` was given, in full. A cursor is a number, and where it matters who has written it. */
export function checkedReplay(options: RelayReplayOptions) {
  const { after = '0', valve, successorWithin = 0 } = options;
  if (typeof after !== 'string' || !/^\d{1,15}(-\d{1,15})?$/.test(after))
    refuse('replay: after', 'a cursor', after);
  checkedWithin('replay: successorWithin', successorWithin);
  return { after, valve, successorWithin };
}

/** Milliseconds from 0 on. */
export function checkedWithin(name: string, ms: number): void {
  if (!(ms >= 0)) refuse(name, 'milliseconds from 0', ms);
}
