import { asyncScheduler, defer, finalize, tap, timer, type Observable } from 'rxjs';
import { TestScheduler, type RunHelpers } from 'rxjs/testing';
import { expect, it } from 'vitest';
import {
  scriptedModel,
  scriptedVoice,
  type ScriptedModelConfig,
  type ScriptedVoiceConfig,
} from '../../providers/scripted/index.js';
import { durationOf } from '../../src/audioFormat.js';
import type {
  ChatEvent,
  ChatModel,
  ChatOptions,
  CompleteOptions,
  Prompt,
  SpeakOptions,
  SpeechEvent,
  Valve,
  Voice,
} from '../../src/index.js';
import {
  drawMarbles,
  type Bar,
  type Ending,
  type LineEnd,
  type Mark,
  type Row,
  type Span,
} from './drawMarbles.js';
import { brief } from './told.js';

/** A notification and when it came. */
interface Frame {
  readonly frame: number;
  readonly notification:
    | { readonly kind: 'N'; readonly value: unknown }
    | { readonly kind: 'E'; readonly error: unknown }
    | { readonly kind: 'C' };
}

/** A request to a model or voice as it was observed; frames are absolute. */
interface Request {
  readonly subscribedFrame: number;
  unsubscribedFrame: number;
  readonly text: string;
  readonly frames: Frame[];
  end: LineEnd | undefined;
}

export interface SourceConfig {
  readonly error?: unknown;
  /** Subscription marbles, one for each subscription, where they are part of the story. */
  readonly subscriptions?: readonly string[];
}

export interface ResultConfig<T> {
  readonly error?: unknown;
  /** Subscription marbles: when it is subscribed and unsubscribed. */
  readonly until?: string;
  /** The source whose text this is, losslessly: shows since when each text has been waited for. */
  readonly of?: Observable<string>;
  /** What a marble says. Default: the text itself. */
  readonly text?: (value: T) => string;
  /** What a marble's colour tells. Default: one for all. */
  readonly tone?: (value: T, index: number) => number;
}

export interface SpeechConfig {
  readonly unsubscribeAt?: number;
  /** Shows what a listener in real time hears, under this label. */
  readonly heard?: string;
  /** When that listener's player drops what it has not played. */
  readonly dropAt?: readonly number[];
}

/** What a picture is made with: each row is drawn from what ran, once what was said about it has been found true. */
export interface Stage extends Pick<RunHelpers, 'cold' | 'hot' | 'time'> {
  /** A cold source; a row for each subscription, as long as that lasts. */
  readonly source: (
    label: string,
    marbles: string,
    values?: Readonly<Record<string, string>>,
    config?: SourceConfig,
  ) => Observable<string>;
  /** A scripted model; a row for each request, `requests` being their subscription marbles in order. */
  readonly model: (label: string, config: ScriptedModelConfig, requests: readonly string[]) => ChatModel;
  /** A scripted voice; a row of its syntheses, `requests` being their subscription marbles in order. */
  readonly voice: (label: string, config: ScriptedVoiceConfig, requests: readonly string[]) => Voice;
  /** A box across the picture. */
  readonly operator: (text: string) => void;
  /** An Observable and what it must emit. */
  readonly result: <T>(
    label: string,
    observable: Observable<T>,
    marbles: string,
    values?: Readonly<Record<string, T>>,
    config?: ResultConfig<T>,
  ) => void;
  /** Speech events and what they must be, in the words of `told`. */
  readonly speech: (
    label: string,
    speech: Observable<SpeechEvent>,
    expected: string,
    config?: SpeechConfig,
  ) => void;
  /** A valve and when it must be open (`o`) and closed (`c`); the picture is shaded while it is closed. */
  readonly valve: (open$: Valve['open$'], marbles: string) => void;
}

const folder = new URL('../../docs/marbles/', import.meta.url);

/**
 * A spec in virtual time that is drawn as well, to `docs/marbles/NAME.svg`: from the very frames its assertions have
 * looked at, and only if they hold. It fails where the committed picture is another; `npm run pictures:marbles` draws
 * anew.
 *
 * @param name The public name it belongs to, or that and what it shows of it: `bufferSentences-quietTime`.
 */
export function picture(
  name: string,
  caption: { readonly title: string; readonly says: string; readonly until?: number },
  play: (stage: Stage) => void,
): void {
  it(`${name}, drawn: ${caption.title}`, async () => {
    const { rows, closed } = performed(play);
    const ends = closed.map(({ to }) => to);
    const until = caption.until ?? Math.max(...[...rows.flatMap(timesOf), ...ends].filter(Number.isFinite));
    const within = closed.map(({ from, to }) => ({ from, to: Math.min(to, until) }));
    await expect(
      drawMarbles({ ...caption, rows: rows.map((row) => clipped(row, until)), closed: within, until }),
      'the committed picture is another: npm run pictures:marbles',
    ).toMatchFileSnapshot(new URL(`${name}.svg`, folder).pathname);
  });
}

/** Runs it, asserts what it says, and tells what there is to draw. */
function performed(play: (stage: Stage) => void): { rows: Row[]; closed: Span[] } {
  const rows: (() => Row[])[] = [];
  const closed: (() => Span[])[] = [];
  const checks: (() => void)[] = [];
  // The scheduler asserts in the order in which it was told what to expect.
  const seen: (readonly Frame[])[] = [];
  let expected = 0;
  const scheduler = new TestScheduler((actual: readonly Frame[], wanted) => {
    expect(actual).toEqual(wanted);
    seen.push(actual);
  });

  scheduler.run(({ cold, hot, time, expectObservable, expectSubscriptions }) => {
    const expectFrames = <T>(
      observable: Observable<T>,
      subscription: string | undefined,
      marbles: string,
      values?: unknown,
      error?: unknown,
    ) => {
      const at = expected++;
      expectObservable(observable, subscription).toBe(marbles, values, error);
      return () => seen[at] ?? [];
    };
    // Read here and not later: outside of `run` a character is ten milliseconds.
    const logOf = (marbles: string) => TestScheduler.parseMarblesAsSubscriptions(marbles, true);
    const expectRequests = (requests: readonly Request[], marbles: readonly string[]) => {
      const wanted = marbles.map(logOf).map((it) => [it.subscribedFrame, it.unsubscribedFrame]);
      checks.push(() => {
        expect(requests.map((it) => [it.subscribedFrame, it.unsubscribedFrame])).toEqual(wanted);
      });
    };

    play({
      cold,
      hot,
      time,
      operator: (text) => rows.push(() => [{ kind: 'operator', text }]),
      source(label, marbles, values, { error, subscriptions } = {}) {
        const source = cold(marbles, values, error);
        if (subscriptions) {
          expected++;
          expectSubscriptions(source.subscriptions).toBe([...subscriptions]);
        }
        rows.push(() => {
          // Two that look at the same time see the same.
          const times = source.subscriptions.map((it) => `${it.subscribedFrame} ${it.unsubscribedFrame}`);
          return source.subscriptions
            .filter((_, at) => times.indexOf(times[at] ?? '') === at)
            .map((it) => lineOf(label, source.messages as Frame[], it.subscribedFrame, it.unsubscribedFrame));
        });
        return source;
      },
      model(label, config, requests) {
        const made: Request[] = [];
        expectRequests(made, requests);
        rows.push(() => made.map((request) => requestOf(label, request)));
        return observedModel(scriptedModel(config), made);
      },
      voice(label, config, requests) {
        const made: Request[] = [];
        expectRequests(made, requests);
        rows.push(() => [{ kind: 'bars', label, bars: made.map(barOf) }]);
        return observedVoice(scriptedVoice(config), made);
      },
      result(label, observable, marbles, values, config = {}) {
        const { until, of, text = String, tone = () => 0 } = config;
        const frames = expectFrames(observable, until, marbles, values, config.error);
        const looks = logOf(until ?? '^');
        rows.push(() => {
          const line = lineOf(label, frames(), 0, looks.unsubscribedFrame);
          const emitted = valuesOf(frames()) as never[];
          const since = of ? arrivals(of as unknown as { readonly messages: readonly Frame[] }, emitted) : [];
          const marks = line.marks.map((mark, at) => ({
            ...mark,
            text: text(emitted[at] as never),
            tone: of ? at : tone(emitted[at] as never, at),
            since: since[at],
          }));
          return [{ ...line, from: looks.subscribedFrame, marks }];
        });
      },
      speech(label, speech, words, { unsubscribeAt, heard, dropAt = [] } = {}) {
        const log: Said[] = [];
        let end: LineEnd | undefined;
        const subscription = speech.subscribe({
          next: (event) => log.push({ at: now(), event }),
          error: (error: unknown) => (end = { at: now(), how: 'error', text: nameOf(error) }),
          complete: () => (end = { at: now(), how: 'complete' }),
        });
        if (unsubscribeAt !== undefined)
          timer(unsubscribeAt).subscribe(() => {
            subscription.unsubscribe();
            end ??= { at: unsubscribeAt, how: 'unsubscribe' };
          });
        checks.push(() => expect(inWords(log, end)).toBe(words));
        rows.push(() => {
          const stops = [...dropAt, ...(end?.how === 'unsubscribe' ? [end.at] : [])];
          const spoken: Row = { kind: 'bars', label, bars: utterancesOf(log, stops), end };
          if (heard === undefined) return [spoken];
          return [spoken, { kind: 'bars', label: heard, bars: heardOf(log, stops) }];
        });
      },
      valve(open$, marbles) {
        const frames = expectFrames(open$, undefined, marbles, { o: true, c: false });
        closed.push(() => spansOf(frames()));
      },
    });
  });
  for (const check of checks) check();
  return { rows: rows.flatMap((row) => row()), closed: closed.flatMap((span) => span()) };
}

const now = () => asyncScheduler.now();
const nameOf = (error: unknown) => (error instanceof Error ? error.name : String(error));

/** Writes down what a request gave, and when. */
function observed<T>(source: Observable<T>, text: string, made: Request[]): Observable<T> {
  return defer(() => {
    const request: Request = {
      subscribedFrame: now(),
      unsubscribedFrame: Infinity,
      text,
      frames: [],
      end: undefined,
    };
    made.push(request);
    const note = (notification: Frame['notification']) => request.frames.push({ frame: now(), notification });
    return source.pipe(
      tap({
        next: (value) => note({ kind: 'N', value }),
        error: (error: unknown) => {
          note({ kind: 'E', error });
          request.end = { at: now(), how: 'error', text: nameOf(error) };
        },
        complete: () => {
          note({ kind: 'C' });
          request.end = { at: now(), how: 'complete' };
        },
      }),
      finalize(() => {
        request.unsubscribedFrame = now();
        request.end ??= { at: now(), how: 'unsubscribe' };
      }),
    );
  });
}

function observedModel(model: ChatModel, made: Request[]): ChatModel {
  const { provider, model: name } = model;
  return Object.assign(
    (prompt: Prompt, options?: ChatOptions) => observed(model(prompt, options), '', made),
    {
      provider,
      model: name,
      events: (prompt: Prompt, options?: ChatOptions) => observed(model.events(prompt, options), '', made),
      complete: (prompt: Prompt, options?: CompleteOptions) => {
        const after = options?.continueFrom;
        const text = after === undefined ? 'complete' : `complete after ${JSON.stringify(after)}`;
        return observed(model.complete(prompt, options), text, made);
      },
    },
  );
}

function observedVoice(voice: Voice, made: Request[]): Voice {
  const { provider, format, maxConcurrency } = voice;
  return Object.assign((text: string, options?: SpeakOptions) => observed(voice(text, options), text, made), {
    provider,
    format,
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
  });
}

type Marbles = Extract<Row, { kind: 'marbles' }>;

const valuesOf = (frames: readonly Frame[]): unknown[] =>
  frames.flatMap(({ notification }) => (notification.kind === 'N' ? [notification.value] : []));

function lineOf(label: string, frames: readonly Frame[], from: number, to: number): Marbles {
  const within = frames.filter(({ frame }) => from + frame <= to);
  const last = within.at(-1);
  const marks = within.flatMap(({ frame, notification }): Mark[] =>
    notification.kind === 'N' ? [{ at: from + frame, text: String(notification.value) }] : [],
  );
  const end: LineEnd | undefined =
    last?.notification.kind === 'C'
      ? { at: from + last.frame, how: 'complete' }
      : last?.notification.kind === 'E'
        ? { at: from + last.frame, how: 'error', text: nameOf(last.notification.error) }
        : to < Infinity
          ? { at: to, how: 'unsubscribe' }
          : undefined;
  return { kind: 'marbles', label, from, marks, end };
}

/** A stream as a line with its tokens; what is answered in one piece as a bar. */
function requestOf(label: string, request: Request): Row {
  if (request.text !== '') return { kind: 'bars', label, bars: [barOf(request)] };
  const marks = request.frames.flatMap(({ frame, notification }): Mark[] => {
    if (notification.kind !== 'N') return [];
    const token = notification.value as string | ChatEvent;
    if (typeof token !== 'string' && token.type !== 'text') return [];
    return [{ at: frame, text: typeof token === 'string' ? token : token.text }];
  });
  return { kind: 'marbles', label, from: request.subscribedFrame, marks, end: request.end };
}

function barOf({ subscribedFrame, unsubscribedFrame, text, end }: Request): Bar {
  return { from: subscribedFrame, to: unsubscribedFrame, text: text.trim(), end: end?.how };
}

/** When the first character of each text came in. */
function arrivals({ messages }: { readonly messages: readonly Frame[] }, texts: readonly string[]): number[] {
  const characters = messages.flatMap(({ frame, notification }) =>
    notification.kind === 'N' ? Array.from(String(notification.value), () => frame) : [],
  );
  let at = 0;
  return texts.map((text) => {
    const since = characters[at] ?? 0;
    at += Array.from(text).length;
    return since;
  });
}

interface Said {
  readonly at: number;
  readonly event: SpeechEvent;
}

function utterancesOf(log: readonly Said[], stops: readonly number[]): Bar[] {
  const indices = [...new Set(log.map(({ event }) => event.index))];
  return indices.map((index) => {
    const its = log.filter(({ event }) => event.index === index);
    const from = its[0]?.at ?? 0;
    const last = its.at(-1);
    const stop = stops.find((at) => at >= (last?.at ?? 0));
    const ended = last?.event.type === 'utterance-end' || last?.event.type === 'utterance-error';
    const end: Ending | undefined =
      last?.event.type === 'utterance-error'
        ? 'error'
        : ended || stop === undefined
          ? undefined
          : 'unsubscribe';
    const [text = ''] = its.flatMap(({ event }) =>
      'text' in event && event.type !== 'word' ? [event.text] : [],
    );
    const ticks = its.flatMap(({ at, event }) => (event.type === 'audio' ? [at] : []));
    return {
      from,
      to: end === 'unsubscribe' ? (stop ?? 0) : (last?.at ?? 0),
      text: text.trim(),
      tone: index,
      end,
      ticks,
    };
  });
}

/** A listener hears each audio as soon as what came before it is over, and nothing more of it after a stop. */
function heardOf(log: readonly Said[], stops: readonly number[]): Bar[] {
  interface Heard extends Bar {
    readonly index: number;
    to: number;
    end?: Ending;
  }
  const bars: Heard[] = [];
  const texts = new Map<number, string>();
  const cut = (stop: number) => {
    const playing = bars.at(-1);
    if (!playing || playing.to <= stop) return;
    playing.to = stop;
    playing.end = 'unsubscribe';
    for (let last = bars.at(-1); last && last.from >= stop; last = bars.at(-1)) bars.pop();
    const rest = bars.at(-1);
    if (rest && rest.to > stop) Object.assign(rest, { to: stop, end: 'unsubscribe' });
  };
  let free = 0;
  let stopped = 0;
  for (const { at, event } of log) {
    for (; (stops[stopped] ?? Infinity) <= at; stopped++) {
      cut(stops[stopped] ?? 0);
      free = stops[stopped] ?? 0;
    }
    if (event.type === 'utterance-start') texts.set(event.index, event.text.trim());
    if (event.type !== 'audio') continue;
    const from = Math.max(at, free);
    free = from + (durationOf(event.data.byteLength, event.format) ?? 0);
    const last = bars.at(-1);
    if (last?.index === event.index && last.to === from) last.to = free;
    else
      bars.push({
        index: event.index,
        from,
        to: free,
        text: texts.get(event.index) ?? '',
        tone: event.index,
      });
  }
  for (const stop of stops.slice(stopped)) cut(stop);
  return bars;
}

function inWords(log: readonly Said[], end: LineEnd | undefined): string {
  const parts = log
    .filter(({ event }) => event.type !== 'word')
    .map(({ at, event }) => ({ at, what: isHummed(event) ? `${event.index}~` : brief(event) }));
  if (end && end.how !== 'unsubscribe')
    parts.push({ at: end.at, what: end.how === 'error' ? `#${end.text ?? ''}` : '|' });
  let last: number | undefined;
  return parts
    .map(({ at, what }) => {
      const told = at === last ? what : `${at}:${what}`;
      last = at;
      return told;
    })
    .join(' ');
}

/** Audio that doesn't spell a letter. */
const isHummed = (event: SpeechEvent) => event.type === 'audio' && new Set(event.data).size > 1;

function spansOf(frames: readonly Frame[]): Span[] {
  const spans: Span[] = [];
  let from: number | undefined;
  for (const { frame, notification } of frames) {
    if (notification.kind !== 'N') continue;
    if (notification.value === false) from ??= frame;
    else if (from !== undefined) {
      if (frame > from) spans.push({ from, to: frame });
      from = undefined;
    }
  }
  return from === undefined ? spans : [...spans, { from, to: Infinity }];
}

function timesOf(row: Row): number[] {
  if (row.kind === 'operator') return [];
  const end = row.end ? [row.end.at] : [];
  if (row.kind === 'marbles') return [...end, ...row.marks.map(({ at }) => at)];
  return [...end, ...row.bars.flatMap(({ from, to }) => [from, to])];
}

/** What goes on beyond the picture's end. */
function clipped(row: Row, until: number): Row {
  if (row.kind !== 'bars') return row;
  return { ...row, bars: row.bars.map((bar) => (bar.to > until ? { ...bar, to: until } : bar)) };
}
