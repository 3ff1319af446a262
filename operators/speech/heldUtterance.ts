import { Subscription, type Observer } from 'rxjs';
import { durationOf } from '../../src/audioFormat.js';
import { SpeechError } from '../../src/errors.js';
import { estimateWords } from '../../src/estimateWords.js';
import type { SpeechEvent } from '../../src/speechEvent.js';
import type { Voice, VoiceEvent } from '../../src/voice.js';
import { isHeard } from './synthesize.js';
import type { QueuedText } from './textQueue.js';

/** Who is told of an utterance in synthesis. */
export interface Listening {
  /** It has been given so many more milliseconds of audio, or something without length. */
  grew(utterance: HeldUtterance, duration: number): void;
  /** An attempt has failed. */
  failed(utterance: HeldUtterance, error: unknown): void;
  /** Nothing more will come. */
  settled(utterance: HeldUtterance): void;
}

/**
 * An utterance between its request and its emitted end: what it has given so far and hasn't been emitted. It observes
 * its synthesis itself; there may be thousands at a time.
 */
export class HeldUtterance implements Observer<VoiceEvent> {
  /** The attempt that is running, or the pause before the next. */
  work = new Subscription();
  /** Whether nothing more is to be heard of its synthesis: it has ended, or was cancelled. */
  over = false;
  /** Milliseconds of audio that wait. */
  heldFor = 0;
  /** Whether some of it has been emitted, so that it can't begin again. */
  committed = false;
  /** Whether its start has been emitted. */
  started = false;
  /** Set once nothing more will come; with `error` when it has failed. */
  how: { readonly error?: unknown } | undefined;
  /** The voice of the last attempt. */
  voice: Voice | undefined;
  /** How often that voice has been asked again. */
  tries = 0;
  /** Why the first voice has failed, the last time it did. */
  failure: { readonly error: unknown } | undefined;

  private held: VoiceEvent[] = [];
  private audible = false;
  private worded = false;
  private duration: number | undefined = 0;

  constructor(
    readonly index: number,
    private readonly queued: QueuedText,
    private readonly listening: Listening,
  ) {}

  /** The text as it arrived. */
  get text(): string {
    return this.queued.text;
  }

  /** What the voice is to say. */
  get spoken(): string {
    return this.queued.spoken;
  }

  /** How many texts it is made of. */
  get chunks(): number {
    return this.queued.chunks;
  }

  /** An attempt begins, by this voice. */
  begin(voice: Voice): void {
    if (voice !== this.voice) this.tries = 0;
    this.voice = voice;
    this.duration = voice.format?.encoding === 'pcm_s16le' ? 0 : undefined;
  }

  /** What an attempt has given is void: another will be made. */
  discard(): void {
    this.work.unsubscribe();
    this.work = new Subscription();
    this.held = [];
    this.heldFor = 0;
    this.audible = false;
    this.worded = false;
  }

  /** Ends its synthesis, before anything comes of that: what it used is free for the next. */
  finish(): void {
    this.over = true;
    this.work.unsubscribe();
  }

  next(event: VoiceEvent): void {
    if (this.over || !isHeard(event, this.voice)) return;
    this.held.push(event);
    if (event.type === 'word') this.worded = true;
    // A voice that plays by itself is heard with whatever it tells.
    if (event.type === 'audio' || !this.voice?.format) this.audible = true;
    const duration = this.lengthOf(event);
    this.heldFor += duration;
    if (this.duration !== undefined) this.duration += duration;
    this.listening.grew(this, duration);
  }

  error(error: unknown): void {
    this.listening.failed(this, error);
  }

  complete(): void {
    if (this.over) return;
    if (!this.audible && this.voice?.format) {
      const { provider } = this.voice;
      this.error(new SpeechError(`${provider}: no audio`, { utterance: this.spoken, provider }));
      return;
    }
    // Where the voice has told no words and the audio's length is known, their times can be reckoned.
    if (!this.worded && this.duration) this.held.push(...estimateWords(this.spoken, this.duration));
    this.listening.settled(this);
  }

  /** Milliseconds of audio in an event, as far as it can be told. */
  lengthOf(event: VoiceEvent): number {
    const format = this.voice?.format;
    return event.type === 'audio' && format ? (durationOf(event.data.length, format) ?? 0) : 0;
  }

  /** Whether there is something to emit. Words wait for the first audio: until then another attempt may tell others. */
  get ready(): boolean {
    return this.held.length > 0 && this.audible;
  }

  /** Whether its audio has a length that can be told. */
  get measurable(): boolean {
    return this.duration !== undefined;
  }

  /** Takes everything that waits, to be emitted now. */
  take(): readonly VoiceEvent[] {
    const taken = this.held;
    this.held = [];
    this.heldFor = 0;
    this.committed = true;
    return taken;
  }

  get startEvent(): SpeechEvent {
    return { type: 'utterance-start', index: this.index, text: this.text };
  }

  speechEvent(event: VoiceEvent): SpeechEvent | undefined {
    const { index, voice } = this;
    if (event.type === 'word') {
      // Not a spread: V8 keeps something of each until the next full collection, and a long text grew by 30 MB.
      const { text, offset, duration, estimated } = event;
      return estimated === undefined
        ? { type: 'word', index, text, offset, duration }
        : { type: 'word', index, text, offset, duration, estimated };
    }
    const format = voice?.format;
    return format ? { type: 'audio', index, data: event.data, format } : undefined;
  }

  get endEvent(): SpeechEvent {
    const { index, text, duration } = this;
    return duration === undefined
      ? { type: 'utterance-end', index, text }
      : { type: 'utterance-end', index, text, duration };
  }

  errorEvent(error: unknown): SpeechEvent {
    return { type: 'utterance-error', index: this.index, text: this.text, error };
  }
}
