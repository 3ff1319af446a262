import {
  concat,
  defer,
  filter,
  ignoreElements,
  Observable,
  of,
  Subject,
  Subscription,
  take,
  type Subscriber,
} from 'rxjs';
import type { SpeechEvent } from '../../src/speechEvent.js';
import { untilUnsubscribed } from '../../src/untilUnsubscribed.js';
import type { Voice } from '../../src/voice.js';
import type { checkedConfig } from './checkedConfig.js';
import { createAllowance } from './createAllowance.js';
import { createSpeaker } from './createSpeaker.js';
import { HeldUtterance, type Listening } from './heldUtterance.js';
import { createTextQueue, type QueuedText } from './textQueue.js';

/**
 * The heart of `toSpeech`: texts wait in a queue, move to a slot when there is one and the listener is not too far
 * behind, and leave it in order.
 *
 * Two loops move everything: `fill` gives slots to waiting texts, `drain` emits what the first slot has. Either may be
 * reached again from within itself, through a consumer or a voice that acts synchronously: then the running one goes
 * on with what has changed.
 */
export function speakInOrder(
  source: Observable<string>,
  voice: Voice,
  config: ReturnType<typeof checkedConfig>,
  out: Subscriber<SpeechEvent>,
): void {
  const { concurrency, startDelay, valve, onError, prepare, mergeWaiting } = config;
  const queue = createTextQueue(prepare, mergeWaiting);
  const allowance = createAllowance(config, voice, out);
  const speaker = createSpeaker<HeldUtterance>({
    ...config,
    voice,
    turn: (utterance) => concat(whenFirst(utterance), allowance.silence).pipe(ignoreElements()),
  });
  const upstream = new Subscription();
  const turns = new Subject<void>();
  const slots: HeldUtterance[] = [];
  let waking = Subscription.EMPTY;
  let ended: { readonly error?: unknown } | undefined;
  let doomed = false;
  let counted = 0;
  let index = 0;
  let filling = false;
  let draining = false;
  let releasedStart = startDelay === 0;

  /** Asked anew after each emission: the consumer may have left. */
  const gone = () => out.closed;
  const capacity = () => {
    const { format, maxConcurrency = Infinity } = speaker.voice();
    return format === null ? 1 : Math.max(1, Math.min(concurrency, maxConcurrency));
  };
  const whenFirst = (utterance: HeldUtterance) =>
    defer(() => {
      const first = () => slots[0] === utterance;
      return first() ? of(0) : turns.pipe(filter(first), take(1));
    });
  const uncount = (chunks: number) => {
    counted -= chunks;
    if (chunks > 0) valve?.remove(chunks);
  };

  const settle = (utterance: HeldUtterance, how: { readonly error?: unknown }) => {
    if (utterance.over || out.closed) return;
    utterance.finish();
    utterance.how = how;
    if ('error' in how && onError === 'error') {
      // The end is certain: what comes after it is not worth a request, nor the source its tokens.
      doomed = true;
      waking.unsubscribe();
      upstream.unsubscribe();
      queue.clear();
      for (const later of slots.splice(slots.indexOf(utterance) + 1)) later.finish();
    }
    drain();
  };

  const attempt = (utterance: HeldUtterance) => {
    defer(() => speaker.attempt(utterance))
      .pipe(untilUnsubscribed(utterance.work))
      .subscribe(utterance);
  };
  const listening: Listening = {
    grew: (_, duration) => {
      allowance.hold(duration);
      drain();
    },
    failed: (utterance, error) => {
      if (utterance.over || out.closed) return;
      const recovery = speaker.recover(utterance, error);
      if (!recovery.again) {
        settle(utterance, { error: recovery.error });
        return;
      }
      allowance.drop(utterance.heldFor);
      utterance.discard();
      refill();
      recovery.again.pipe(untilUnsubscribed(utterance.work)).subscribe({
        next: () => attempt(utterance),
        error: (broken: unknown) => settle(utterance, { error: broken }),
      });
    },
    settled: (utterance) => settle(utterance, {}),
  };
  const speak = (queued: QueuedText) => {
    const utterance = new HeldUtterance(index++, queued, listening);
    slots.push(utterance);
    if (queued.failure) settle(utterance, queued.failure);
    else attempt(utterance);
  };

  const fill = (woken = false) => {
    if (filling) return;
    filling = true;
    waking.unsubscribe();
    while (!out.closed && !doomed && queue.size > 0 && slots.length < capacity()) {
      if (!allowance.allows(woken)) {
        waking = allowance.again.subscribe({
          next: () => fill(true),
          error: (error: unknown) => out.error(error),
        });
        break;
      }
      const item = queue.next();
      if (!item) break;
      if (item.spoken === '' && !item.failure) uncount(item.chunks);
      else speak(item);
    }
    filling = false;
  };

  /** What is held has become less: what waits for that may come sooner than was reckoned. */
  const refill = () => {
    if (!waking.closed) fill();
  };

  /** Whether the first audio may go out: enough is held, or no more can come before it does. */
  const mayStart = () => {
    let playable = 0;
    for (const utterance of slots) {
      if (utterance.ready && !utterance.measurable) return true;
      playable += utterance.heldFor;
      if (playable >= startDelay) return true;
      if (!utterance.how) return false;
    }
    if (doomed || slots.length >= capacity() || !allowance.allows(false)) return true;
    return queue.size === 0 && ended !== undefined;
  };

  const emitHeld = (utterance: HeldUtterance) => {
    const events = utterance.take();
    if (!utterance.started) {
      utterance.started = true;
      out.next(utterance.startEvent);
    }
    for (const event of events) {
      if (gone()) return;
      allowance.emit(utterance.lengthOf(event));
      const speech = utterance.speechEvent(event);
      if (speech) out.next(speech);
    }
  };

  const close = (utterance: HeldUtterance, how: { readonly error?: unknown }) => {
    if ('error' in how && onError === 'error') {
      out.error(how.error);
      return;
    }
    if (!utterance.started) {
      utterance.started = true;
      out.next(utterance.startEvent);
    }
    if (gone()) return;
    out.next('error' in how ? utterance.errorEvent(how.error) : utterance.endEvent);
    if (gone()) return;
    slots.shift();
    uncount(utterance.chunks);
    if (turns.observed) turns.next();
    fill();
  };

  const drain = () => {
    if (draining) return;
    draining = true;
    while (!out.closed) {
      const [head] = slots;
      if (!head) {
        if (!ended || queue.size > 0) break;
        if ('error' in ended) out.error(ended.error);
        else out.complete();
        break;
      }
      releasedStart ||= mayStart();
      if (!releasedStart) break;
      if (head.ready) {
        emitHeld(head);
        refill();
      } else if (head.how) close(head, head.how);
      else break;
    }
    draining = false;
  };

  out.add(() => {
    waking.unsubscribe();
    upstream.unsubscribe();
    queue.clear();
    for (const utterance of slots.splice(0)) utterance.finish();
    uncount(counted);
  });
  const end = (how: { readonly error?: unknown }) => {
    if (upstream.closed) return;
    ended = how;
    drain();
  };
  source.pipe(untilUnsubscribed(upstream)).subscribe({
    next: (text) => {
      if (upstream.closed || !queue.add(text)) return;
      counted++;
      valve?.add(1);
      fill();
      drain();
    },
    error: (error: unknown) => end({ error }),
    complete: () => end({}),
  });
}
