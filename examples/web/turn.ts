import {
  BehaviorSubject,
  catchError,
  concat,
  connect,
  defer,
  finalize,
  ignoreElements,
  map,
  merge,
  of,
  pairwise,
  ReplaySubject,
  share,
  Subject,
  takeUntil,
  tap,
  throwError,
  timer,
  type Observable,
} from 'rxjs';
import {
  withValve,
  type ChatModel,
  type Conversation,
  type SpeechEvent,
  type Valve,
  type Voice,
} from 'rx-aloud';
import {
  accumulateConversation,
  bufferSentences,
  fallbackToComplete,
  heardText,
  speakableText,
  toSpeech,
} from 'rx-aloud/operators';
import type { Settings } from './settings.js';
import type { Note, TurnEvent } from './wire.js';

/** Milliseconds of audio that may wait in the page: a barge-in throws no more away. */
const lead = 5000;
/** Milliseconds that a page may be away, reloading its connection, before its reply is given up. */
const patience = 5000;
/** Milliseconds that a turn lasts at most, and for which its end can be asked again. */
const longest = 10 * 60_000;
const kept = 60_000;

/** One prompt and its reply. */
export interface Turn {
  /** Cold until the first listener, who starts the request; later ones get everything from the beginning. */
  readonly events$: Observable<TurnEvent>;
  /** The page has played that many milliseconds of the reply's audio. */
  played(position: number): void;
  /** Barge-in: ends request and synthesis; the history keeps what was heard. */
  stop(): void;
  /** Nobody will ask for it any more. */
  forget(): void;
}

/** Who answers what. */
export interface TurnConfig {
  readonly model: ChatModel;
  readonly voice: Voice;
  readonly conversation: Conversation;
  readonly prompt: string;
  readonly settings: Settings;
}

/** The whole pipeline of the page, made for one prompt. */
export function createTurn({ model, voice, conversation, prompt, settings }: TurnConfig): Turn {
  const asked = performance.now();
  const now = () => performance.now() - asked;
  const position$ = new BehaviorSubject(0);
  const stopped$ = new Subject<void>();
  const forgotten$ = new Subject<void>();

  const reply = (note: (note: Note) => void): Observable<SpeechEvent> =>
    // Two valves: `waiting` counts utterances that wait for the voice, `playback` milliseconds that wait in the page.
    withValve({ high: 64, low: 32 }, (waiting) =>
      withValve({ high: lead, low: lead / 2 }, (playback) => {
        conversation.add('user', prompt);
        const messages = conversation.messages;
        const limits = { maxTokens: 1000, firstTokenTimeout: 60_000, idleTimeout: 30_000 };
        return model(messages, { ...limits, valve: waiting }).pipe(
          fallbackToComplete((partial) => model.complete(messages, { continueFrom: partial }), {
            expects: 'continuation',
          }),
          tap((text) => note({ type: 'token', at: now(), text })),
          bufferSentences({ ...settings, valve: waiting }),
          tap((text) => note({ type: 'sentence', at: now(), text })),
          toSpeech(watched(voice, note, now), {
            concurrency: settings.concurrency,
            prepare: speakableText,
            valve: waiting,
            maxAhead: lead,
            playback,
          }),
          heardBy(position$, playback),
          // Here a turn is over when it has been heard: a barge-in after the last token is one like any other.
          accumulateConversation(conversation, { position: () => position$.value }),
        );
      }),
    );

  let begun = false;
  const events$ = defer((): Observable<TurnEvent> => {
    if (begun) return throwError(() => new Error('this reply is over'));
    begun = true;
    const notes$ = new Subject<Note>();
    const spoken = reply((note) => notes$.next(note)).pipe(finalize(() => notes$.complete()));
    return concat(
      merge(notes$, spoken).pipe(
        catchError((error: unknown) => of(failed(error))),
        takeUntil(merge(stopped$, timer(longest))),
      ),
      defer(() => of<TurnEvent>({ type: 'history', messages: conversation.messages })),
    );
  }).pipe(
    share({
      connector: () => new ReplaySubject<TurnEvent>(Infinity),
      resetOnRefCountZero: () => merge(timer(patience), forgotten$),
      resetOnComplete: () => merge(timer(kept), forgotten$),
    }),
  );

  return {
    events$,
    played: (position) => position$.next(Math.max(position$.value, position)),
    stop: () => stopped$.next(),
    forget: () => {
      stopped$.next();
      forgotten$.next();
    },
  };
}

/** Goes on until the listener has heard it all, and takes what has been played from the valve. */
function heardBy(position$: Observable<number>, playback: Valve) {
  const position = position$.pipe(
    pairwise(),
    tap(([before, now]) => playback.remove(now - before)),
    map(([, now]) => now),
  );
  return (speech: Observable<SpeechEvent>): Observable<SpeechEvent> =>
    speech.pipe(connect((shared) => merge(shared, shared.pipe(heardText({ position }), ignoreElements()))));
}

/** The voice, telling when each of its syntheses was asked for, sounded, and was done. */
function watched(voice: Voice, note: (note: Note) => void, now: () => number): Voice {
  let asked = 0;
  const speak: typeof voice = Object.assign(
    (text: string, options?: Parameters<Voice>[1]) =>
      defer(() => {
        const index = asked++;
        let state: Extract<Note, { type: 'synthesis' }>['state'] = 'asked';
        const tell = (next: typeof state) =>
          note({ type: 'synthesis', at: now(), index, state: (state = next) });
        tell('asked');
        return voice(text, options).pipe(
          tap({
            next: ({ type }) => {
              if (type === 'audio' && state === 'asked') tell('sounding');
            },
            complete: () => tell('done'),
            error: () => tell('cut'),
            unsubscribe: () => tell('cut'),
          }),
        );
      }),
    { provider: voice.provider, format: voice.format },
  );
  return voice.maxConcurrency === undefined
    ? speak
    : Object.assign(speak, { maxConcurrency: voice.maxConcurrency });
}

function failed(error: unknown): TurnEvent {
  // Of two failures the first one says what is wrong.
  const { cause } = error instanceof Error ? error : {};
  const first = cause instanceof AggregateError ? (cause.errors[0] as unknown) : error;
  const { name, message } = first instanceof Error ? first : new Error(String(first));
  return { type: 'failed', name, message };
}
