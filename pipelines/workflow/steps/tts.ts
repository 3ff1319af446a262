import {
  concat,
  connect,
  defer,
  EMPTY,
  from,
  merge,
  mergeMap,
  of,
  switchMap,
  tap,
  type Observable,
} from 'rxjs';
import { bufferSentences } from '../../../operators/bufferSentences.js';
import { saveUtterances } from '../../../operators/node/saveUtterances.js';
import { saveWav } from '../../../operators/node/saveWav.js';
import { speakableText } from '../../../operators/speakableText.js';
import { toSpeech } from '../../../operators/toSpeech.js';
import type { SpeechEvent } from '../../../src/speechEvent.js';
import { concatLast } from '../concatLast.js';
import { forwardTokens } from '../forwardTokens.js';
import { retryConfig } from '../inMilliseconds.js';
import { placeInside } from '../insideFolder.js';
import { isReferenceObject, readReference, textParts, type TextPart } from '../reference.js';
import { asText, lookUp, resolveValue } from '../resolveValue.js';
import {
  outputs,
  progress,
  type LiveReply,
  type RunningStep,
  type Scope,
  type StepSignal,
} from '../runContext.js';
import type { StepOfType } from '../schema.js';

type Speaking = RunningStep<StepOfType<'tts'>>;

/** Speaks a text; one that is still streaming is spoken as it comes, from the one reply that all share. */
export function tts(running: Speaking): Observable<StepSignal> {
  const { step, scope, run } = running;
  const config = step.config ?? {};
  const written = config.provider ?? scope.plan.definition.config?.default_tts_provider;
  // The original's name for "whatever the provider speaks with".
  const name = config.voice === 'default' ? undefined : config.voice;

  return outputPlaces(running).pipe(
    switchMap(({ wav, dir }) => {
      const voice = run.voice(written ?? 'auto', name);
      const spoken = { text: '', utterances: 0, duration: 0, timed: true };
      const files: string[] = [];
      let whole: string | null = null;
      const speech = spokenText(running).pipe(
        tap((chunk) => (spoken.text += chunk)),
        toSpeech(voice, {
          ...(config.concurrency === undefined ? {} : { concurrency: config.concurrency }),
          retry: retryConfig(step.retry),
          // models write for the eye
          prepare: (text) => speakableText(text),
          speak: {
            ...(name === undefined ? {} : { voice: name }),
            ...(config.language === undefined ? {} : { language: config.language }),
            ...(config.speed === undefined ? {} : { rate: config.speed }),
          },
          scheduler: run.scheduler,
        }),
        tap((event) => {
          if (event.type !== 'utterance-end') return;
          spoken.utterances++;
          if (event.duration === undefined) spoken.timed = false;
          else spoken.duration += event.duration;
        }),
      );
      const saved = speech.pipe(
        connect((shared) =>
          merge(
            // Files first: who sees an utterance end finds it written.
            dir === undefined
              ? EMPTY
              : shared.pipe(
                  saveUtterances({ dir }),
                  tap(({ path }) => files.push(path)),
                ),
            wav === undefined
              ? EMPTY
              : shared.pipe(
                  saveWav(wav),
                  tap(({ path }) => (whole = path)),
                ),
            shared,
          ),
        ),
        mergeMap((event) => (isSpeech(event) ? of(progress(event)) : EMPTY)),
      );
      return concatLast(saved, () =>
        outputs({
          text: spoken.text,
          success: true,
          provider: written ?? voice.provider,
          voice_used: name ?? 'default',
          utterances: spoken.utterances,
          duration: spoken.timed ? spoken.duration : null,
          audio_file_path: whole ?? files[0] ?? null,
          audio_files: whole === null ? files : [...files, whole],
        }),
      );
    }),
  );
}

const isSpeech = (event: object): event is SpeechEvent => 'type' in event;

/** Where files go, checked before anything is synthesized. */
function outputPlaces({ step, scope, run }: Speaking): Observable<{ wav?: string; dir?: string }> {
  const { output_path: path, output_dir: dir } = step.config ?? {};
  if (path === undefined && dir === undefined) return of({});
  const place = (written: string) => placeInside(run.outputDir, asText(resolveValue(written, scope)));
  return from(
    (async () => ({
      ...(path === undefined ? {} : { wav: await place(path) }),
      ...(dir === undefined ? {} : { dir: await place(dir) }),
    }))(),
  );
}

/** The text in pieces to speak: whole sentences, unless the step says how it is cut. */
function spokenText({ step, scope, run }: Speaking): Observable<string> {
  const parts = partsOf(step.inputs.text);
  const [only] = parts;
  const live = parts.length === 1 && only !== undefined ? liveReply(only, scope) : undefined;
  if (live?.sentences === true && step.stream_buffer === undefined) return live.text;
  return concat(...parts.map((part) => textOf(part, scope))).pipe(
    step.stream_buffer === undefined
      ? bufferSentences({ scheduler: run.scheduler })
      : forwardTokens(step.stream_buffer, run.scheduler),
  );
}

type Part = TextPart | { readonly value: unknown };

function partsOf(value: unknown): readonly Part[] {
  if (typeof value === 'string') return textParts(value);
  if (typeof value === 'object' && value !== null && isReferenceObject(value)) {
    const reference = readReference(value);
    return typeof reference === 'string' ? [] : [reference];
  }
  return [{ value }];
}

function textOf(part: Part, scope: Scope): Observable<string> {
  if (typeof part === 'string') return of(part);
  if ('value' in part) return of(asText(resolveValue(part.value, scope)));
  return liveReply(part, scope)?.text ?? defer(() => of(asText(lookUp(part, scope))));
}

function liveReply(part: Part, scope: Scope): LiveReply | undefined {
  if (typeof part === 'string' || 'value' in part) return undefined;
  const [field, ...rest] = part.field;
  return field === 'response' && rest.length === 0 ? scope.live.get(part.step) : undefined;
}
