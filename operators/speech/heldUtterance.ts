import { Subscription } from 'rxjs';
import { durationOf, type AudioFormat } from '../../src/audioFormat.js';
import { estimateWords } from '../../src/estimateWords.js';
import type { SpeechEvent } from '../../src/speechEvent.js';
import type { Voice, VoiceEvent } from '../../src/voice.js';

/** An utterance between its request and its emitted end: what it has given so far and hasn't been emitted. */
export class HeldUtterance {
  /** Its synthesis, pauses between attempts included. */
  readonly work = new Subscription();
  /** Whether nothing more is to be heard of its synthesis: it has ended, or was cancelled. */
  over = false;
  /** Milliseconds of audio that wait. */
  heldFor = 0;
  /** Whether some of it has been emitted, so that it can't begin again. */
  committed = false;
  /** Whether its start has been emitted. */
  started = false;
  /** Set once nothing more will come; with `error` when it has failed. */
  settled: { readonly error?: unknown } | undefined;

  private held: VoiceEvent[] = [];
  private format: AudioFormat | null = null;
  private audible = false;
  private worded = false;
  private duration: number | undefined = 0;

  constructor(
    readonly index: number,
    readonly text: string,
    /** How many texts it is made of. */
    readonly chunks: number,
  ) {}

  /** An attempt begins, by this voice. */
  begin({ format }: Voice): void {
    this.format = format;
    this.duration = format?.encoding === 'pcm_s16le' ? 0 : undefined;
  }

  /** What an attempt has given is void: another will be made. */
  discard(): void {
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

  /** Reckons the words' times, where the voice has told none and the audio's length is known. */
  estimateWords(spoken: string): void {
    if (!this.worded && this.duration) this.held.push(...estimateWords(spoken, this.duration));
  }

  /** Keeps an event. Returns the milliseconds of audio in it. */
  hold(event: VoiceEvent): number {
    this.held.push(event);
    if (event.type === 'word') this.worded = true;
    // A voice that plays by itself is heard with whatever it tells.
    if (event.type === 'audio' || this.format === null) this.audible = true;
    const duration = this.lengthOf(event);
    this.heldFor += duration;
    if (this.duration !== undefined) this.duration += duration;
    return duration;
  }

  /** Milliseconds of audio in an event, as far as it can be told. */
  lengthOf(event: VoiceEvent): number {
    return event.type === 'audio' && this.format ? (durationOf(event.data.length, this.format) ?? 0) : 0;
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
    const { index, format } = this;
    if (event.type === 'word') {
      // Not a spread: V8 keeps something of each until the next full collection, and a long text grew by 30 MB.
      const { text, offset, duration, estimated } = event;
      return estimated === undefined
        ? { type: 'word', index, text, offset, duration }
        : { type: 'word', index, text, offset, duration, estimated };
    }
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
