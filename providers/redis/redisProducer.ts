import { randomInt } from 'node:crypto';
import { interval, Observable } from 'rxjs';
import {
  RelayAbortedError,
  RelayEndedError,
  RelayFencedError,
  RelayGapError,
  RelayOverflowError,
  RelayOwnedError,
  type RelayEnd,
  type RelayEntry,
  type RelayProducer,
} from '../../src/relay.js';
import type { Filled } from '../../src/filled.js';
import { checkedWithin, type checkedOpen, type RelayConfig } from '../../src/relayOptions.js';
import type { RedisArgument } from './redisClient.js';
import type { RedisLink } from './redisLink.js';
import { encodeEnd, encodeValue, firstOfSuccessor } from './relayEntry.js';
import { relayKeys } from './relayKeys.js';
import { appendScript, openScript, releaseScript, renewScript } from './relayScripts.js';
import type { RawEntry, TailReader } from './tailReader.js';

/** What one call of the append script carries at most. */
const batchEntries = 128;
const batchBytes = 256 * 1024;
/** Milliseconds that a state is remembered at most: a key's life is a whole number. */
export const longestLife = 2 ** 45;

/** Where an opened stream was found. */
interface Opened {
  readonly epoch: number;
  readonly seq: number;
  /** Of the last entry; '0' where there is none. */
  readonly cursor: string;
}

/** What the relay keeps, as its scripts want it. */
export interface RelayLimits extends Filled<RelayConfig> {
  /** Milliseconds that a stream is remembered. */
  readonly remembered: number;
}

interface Pending {
  readonly words: RedisArgument[];
  /** How it ends the stream; '' for a value. */
  readonly end: '' | RelayEnd['type'];
}

/** Becomes the producer of a stream. One call of the append script is under way at a time, and carries what has come meanwhile. */
export function redisProducer<T>(
  link: RedisLink,
  control: (id: string) => Promise<TailReader>,
  read: (id: string, until: string) => Observable<RelayEntry<T>>,
  limits: RelayLimits,
  id: string,
  { takeOver, valve, maxPending }: ReturnType<typeof checkedOpen>,
): Observable<RelayProducer<T>> {
  const { state, entries, control: controlKey, lease: leaseKey } = relayKeys(link.prefix, id);
  const keys = [state, entries, controlKey, leaseKey];
  const lease = String(Math.ceil(limits.lease));
  const ttl = String(Math.ceil(limits.ttl));
  const remembered = String(limits.remembered);
  const maxLength = limits.maxLength === Infinity ? '' : String(limits.maxLength);

  return new Observable((subscriber) => {
    const token = String(randomInt(1, 2 ** 48 - 1));
    let opened: Opened | undefined;
    let pending: Pending[] = [];
    /** The number of the last entry that was given, and of the last that is safe. */
    let given = 0;
    let safe = 0;
    let sending = false;
    let scheduled = false;
    /** An end was given, or the stream was left: nothing more is accepted. */
    let ended = false;
    /** The stream is no longer this producer's. */
    let lost = false;
    // A getter that each step asks anew: an answer may come after the loss.
    const isLost = () => lost;
    let stopWatching: (() => void) | undefined;
    let waiters: {
      readonly upTo: number;
      readonly resolve: () => void;
      readonly reject: (e: unknown) => void;
    }[] = [];
    const free = link.use();

    const cursorOf = (number: number) =>
      opened !== undefined && number <= opened.seq ? opened.cursor : `${number}-${token}`;
    const over = () => {
      stopWatching?.();
      stopWatching = undefined;
      free();
    };
    /** Tells why, and lets go of everything. */
    const fail = (error: unknown) => {
      if (lost) return;
      lost = true;
      ended = true;
      if (pending.length > 0) valve?.remove(pending.length);
      pending = [];
      for (const { reject } of waiters) reject(error);
      waiters = [];
      over();
      subscriber.error(error);
    };
    const refuse = (answer: string, detail: unknown): unknown => {
      switch (answer) {
        case 'fenced':
          return new RelayFencedError(id, opened?.epoch ?? 0, Number(String(detail)));
        case 'ended':
          return endedBefore(id, String(detail));
        default:
          // Redis has lost what it had acknowledged.
          return new RelayGapError(id, cursorOf(safe));
      }
    };

    const schedule = () => {
      if (scheduled || sending) return;
      scheduled = true;
      // What is appended in one go is sent in one go.
      queueMicrotask(() => {
        scheduled = false;
        void send();
      });
    };
    const send = async (): Promise<void> => {
      if (sending || opened === undefined) return;
      sending = true;
      while (pending.length > 0 && !lost) {
        const batch = firstOf(pending);
        const end = batch.at(-1)?.end ?? '';
        const args: RedisArgument[] = [token, String(safe + 1), maxLength, ttl, remembered, end];
        for (const { words } of batch) args.push(String(words.length), ...words);
        try {
          const [answer, detail] = (await link.run(appendScript, keys, args)) as readonly [Buffer, unknown];
          if (String(answer) !== 'ok') {
            fail(refuse(String(answer), detail));
            return;
          }
        } catch (error) {
          fail(link.failure(error));
          return;
        }
        if (isLost()) return;
        pending.splice(0, batch.length);
        safe += batch.length;
        valve?.remove(batch.length);
        settle();
        if (end !== '') {
          over();
          subscriber.complete();
          return;
        }
      }
      sending = false;
    };
    const settle = () => {
      const ready = waiters.filter(({ upTo }) => upTo <= safe);
      waiters = waiters.filter(({ upTo }) => upTo > safe);
      for (const { resolve } of ready) resolve();
    };
    const push = (words: RedisArgument[], end: Pending['end']) => {
      if (given > 0 && given === opened?.seq) {
        words.push(...firstOfSuccessor(opened.cursor));
      }
      pending.push({ words, end });
      given++;
      schedule();
    };
    const finish = (end: RelayEnd) => {
      if (ended) return;
      ended = true;
      push(encodeEnd(end, limits.secrets), end.type);
      valve?.add(1);
    };

    const watch = async (epoch: number) => {
      const reader = await control(id);
      if (ended) return;
      let last = '0-0';
      const told = (raw: readonly RawEntry[]) => {
        for (const [at, [name, content]] of raw) {
          last = at.toString('latin1');
          if (String(name) === 'cancel') fail(new RelayAbortedError(id));
          else if (Number(String(content)) > epoch) {
            fail(new RelayFencedError(id, epoch, Number(String(content))));
          }
        }
      };
      const stop = reader.listen(controlKey, { after: () => last, entries: told, fail });
      const renewing = interval(limits.lease / 3).subscribe({ next: () => void renew(), error: fail });
      stopWatching = () => {
        stop();
        renewing.unsubscribe();
      };
    };
    let renewing = false;
    const renew = async () => {
      if (renewing) return;
      renewing = true;
      try {
        const reply = await link.run(renewScript, keys, [token, lease, ttl, remembered]);
        const [answer, detail] = reply as readonly [Buffer, unknown];
        if (String(answer) !== 'ok') fail(refuse(String(answer), detail));
      } catch (error) {
        fail(link.failure(error));
      }
      renewing = false;
    };

    const handle = ({ epoch, cursor }: Opened): RelayProducer<T> => ({
      id,
      epoch,
      cursor,
      written: () => read(id, cursor),
      append(value) {
        if (ended) return cursorOf(given);
        const words = encodeValue(value, limits.secrets);
        if (pending.length >= maxPending) {
          const error = new RelayOverflowError(id, maxPending);
          finish({ type: 'error', error });
          subscriber.error(error);
          return cursorOf(given);
        }
        push(words, '');
        const appended = cursorOf(given);
        valve?.add(1);
        return appended;
      },
      flushed: () =>
        new Observable((waiting) => {
          const upTo = given;
          const resolve = () => {
            waiting.next(cursorOf(upTo));
            waiting.complete();
          };
          if (upTo <= safe) resolve();
          else waiters.push({ upTo, resolve, reject: (error) => waiting.error(error) });
        }),
      end: finish,
      release(within = limits.lease) {
        checkedWithin('release', within);
        if (ended) return;
        ended = true;
        const successor = String(Math.min(limits.remembered, Math.ceil(within)));
        const left = () =>
          link.run(releaseScript, keys, [token, successor, ttl, remembered]).then(
            () => {
              over();
              subscriber.complete();
            },
            (error: unknown) => fail(link.failure(error)),
          );
        if (given <= safe) void left();
        else waiters.push({ upTo: given, resolve: () => void left(), reject: () => undefined });
      },
    });

    const begin = async () => {
      let reply: readonly [Buffer, unknown, unknown?, Buffer?];
      try {
        const args = [token, takeOver ? '1' : '0', lease, ttl, remembered];
        reply = (await link.run(openScript, keys, args)) as typeof reply;
      } catch (error) {
        fail(link.failure(error));
        return;
      }
      const [answer, first, last = 0, by] = reply;
      const seq = Number(last);
      if (String(answer) === 'ended') {
        fail(endedBefore(id, String(first)));
        return;
      }
      if (String(answer) === 'owned') {
        fail(new RelayOwnedError(id, Number(first)));
        return;
      }
      opened = { epoch: Number(first), seq, cursor: seq === 0 ? '0' : `${seq}-${String(by)}` };
      given = safe = opened.seq;
      if (subscriber.closed) {
        // Left while it was opened: others may have seen that it was.
        finish({ type: 'aborted' });
        return;
      }
      watch(opened.epoch).catch((error: unknown) => fail(link.failure(error)));
      subscriber.next(handle(opened));
    };

    subscriber.add(() => {
      // Whoever leaves before the end aborts the stream; what was appended, and that, is still sent.
      if (opened !== undefined) finish({ type: 'aborted' });
    });
    void begin();
  });
}

/** As many as one call may carry: at least one. */
function firstOf(pending: readonly Pending[]): readonly Pending[] {
  let bytes = 0;
  const last = Math.min(pending.length, batchEntries);
  for (let index = 0; index < last; index++) {
    for (const word of pending[index]?.words ?? []) bytes += word.length;
    if (bytes > batchBytes) return pending.slice(0, Math.max(1, index));
  }
  return pending.slice(0, last);
}

function endedBefore(id: string, how: string): Error {
  return how === 'aborted' ? new RelayAbortedError(id) : new RelayEndedError(id, how as 'complete' | 'error');
}
