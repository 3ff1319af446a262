import {
  asyncScheduler,
  catchError,
  concat,
  connect,
  defer,
  EMPTY,
  map,
  merge,
  of,
  tap,
  type Observable,
  type SchedulerLike,
} from 'rxjs';
import { bufferSentences, type BufferSentencesConfig } from '../operators/bufferSentences.js';
import { saveUtterances } from '../operators/node/saveUtterances.js';
import { toSpeech, type ToSpeechConfig } from '../operators/toSpeech.js';
import type { ChatModel, ChatOptions } from '../src/chatModel.js';
import { logged } from '../src/logged.js';
import type { Prompt } from '../src/message.js';
import type { Voice } from '../src/voice.js';
import { modelFromEnvironment } from './modelFromEnvironment.js';
import { replyOf } from './replyOf.js';
import type { ModelNamed } from './serviceConfig.js';
import { voiceFromEnvironment } from './voiceFromEnvironment.js';

/** How sentences are gathered, and where their audio goes. Times are milliseconds: 3 seconds are `3000`. */
export interface StreamingConfig extends BufferSentencesConfig {
  /** The folder of the audio files. Default: `output/audio`. */
  readonly outputDir?: string | undefined;
}

/** What a streaming pipeline is made of. */
export interface StreamingPipelineConfig {
  /** A provider's name or a chat model. Default: `ollama`. */
  readonly llmProvider?: ChatModel | ModelNamed | undefined;
  /** A voice, or its name for `voiceFromEnvironment`. Default: `auto`. */
  readonly ttsProvider?: Voice | string | undefined;
  /** Sentences and files. Defaults: those of `bufferSentences`, and `output/audio`. */
  readonly streamingConfig?: StreamingConfig | undefined;
  /** For every request to the model. */
  readonly options?: ChatOptions | undefined;
  /** For the voice. `scheduler` is the pipeline's. */
  readonly speech?: Omit<ToSpeechConfig, 'scheduler' | 'speak'> | undefined;
  /** Whether the regular API finishes a reply whose stream has failed. Default: true. */
  readonly fallback?: boolean | undefined;
  /** Where time passes. Default: `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/** How long things took, in milliseconds from the subscription; null while they have not happened. */
export interface StreamingLatencies {
  /** The first token. */
  readonly firstToken: number | null;
  /** The first text that went to the voice. */
  readonly firstSentence: number | null;
  /** The first audio of the voice. */
  readonly firstAudio: number | null;
  /** The end of the text. */
  readonly text: number | null;
  /** The last file saved. */
  readonly total: number | null;
}

/** How far a reply has come. */
export interface StreamingProgress {
  /**
   * `processing`: a token has come, or a file was saved while tokens come. `buffering`: sentences went to the voice.
   * `finalizing`: the text is whole, the voice is still at work. `completed`: the last event.
   */
  readonly status: 'processing' | 'buffering' | 'finalizing' | 'completed';
  /** Files that are whole by now. */
  readonly audioFilesGenerated: number;
  /** Their absolute paths, in order. */
  readonly audioFiles: readonly string[];
  /** The reply so far. */
  readonly text: string;
  /** Tokens so far. */
  readonly chunkCount: number;
  /** How long it took to come here. */
  readonly latencies: StreamingLatencies;
}

/** From a message to audio files. */
export interface StreamingPipeline {
  /**
   * Asks the model and saves each group of sentences as an audio file while the reply is still coming. Cold; an
   * unsubscribe ends the request and the voice, and leaves only whole files. Fails with what the model or the voice
   * failed with, after what came before has been saved.
   */
  streamChatToAudio(
    message: Prompt,
    options?: {
      /** The voice's own name for who speaks. */
      readonly voice?: string | undefined;
    },
  ): Observable<StreamingProgress>;
}

/**
 * The whole way from a message to audio files, with progress: the original's `create_streaming_pipeline`.
 *
 * ```
 * tokens             --a-b-c|                         p processing, b buffering, f finalizing, c completed
 * files              --------1--2|
 * streamChatToAudio  --p-pb(pbf)-f--(fc|)
 * ```
 *
 * ```ts
 * createStreamingPipeline({ llmProvider: 'ollama', ttsProvider: 'auto' })
 *   .streamChatToAudio('Explain quantum computing')
 *   .subscribe(({ status, audioFilesGenerated }) => console.log(status, audioFilesGenerated));
 * ```
 *
 * @throws TypeError for an unknown name or an option out of range.
 */
export function createStreamingPipeline(config: StreamingPipelineConfig = {}): StreamingPipeline {
  const {
    llmProvider = 'ollama',
    ttsProvider = 'auto',
    streamingConfig: { outputDir = 'output/audio', ...sentences } = {},
    options = {},
    speech = {},
    fallback = true,
    scheduler = asyncScheduler,
  } = config;
  const model = typeof llmProvider === 'function' ? llmProvider : modelFromEnvironment(llmProvider);
  const voice = typeof ttsProvider === 'function' ? ttsProvider : voiceFromEnvironment(ttsProvider);
  // Both are made here once, so that an option out of range is told at call time.
  const buffer = bufferSentences({ ...sentences, scheduler: sentences.scheduler ?? scheduler });
  const save = saveUtterances({ dir: outputDir });
  return {
    streamChatToAudio(message, { voice: speaker } = {}) {
      const speak = toSpeech(voice, {
        ...speech,
        scheduler,
        ...(speaker !== undefined && { speak: { voice: speaker } }),
      });
      return defer(() => {
        const began = scheduler.now();
        const since = () => scheduler.now() - began;
        let text = '';
        let chunkCount = 0;
        let status: StreamingProgress['status'] = 'processing';
        let audioFiles: readonly string[] = [];
        let latencies: StreamingLatencies = {
          firstToken: null,
          firstSentence: null,
          firstAudio: null,
          text: null,
          total: null,
        };
        const reached = (name: keyof StreamingLatencies) => {
          if (latencies[name] === null) latencies = { ...latencies, [name]: since() };
        };
        const progress = (now = status): StreamingProgress => ({
          status: now,
          audioFilesGenerated: audioFiles.length,
          audioFiles,
          text,
          chunkCount,
          latencies,
        });

        const told = (tokens: Observable<string>) =>
          concat(
            tokens.pipe(
              map((token) => {
                if (token !== '') reached('firstToken');
                text += token;
                chunkCount++;
                return progress();
              }),
            ),
            defer(() => {
              status = 'finalizing';
              reached('text');
              return of(progress());
            }),
            // The failure comes from the speech, after what was flushed before it has been saved.
          ).pipe(catchError(() => EMPTY));
        const spoken = (chunks: Observable<string>) =>
          chunks.pipe(
            speak,
            tap((event) => {
              if (event.type === 'audio') reached('firstAudio');
            }),
            save,
            map(({ path }) => {
              audioFiles = [...audioFiles, path];
              return progress();
            }),
          );
        const saved = (tokens: Observable<string>) =>
          tokens.pipe(
            buffer,
            connect((chunks) =>
              merge(
                chunks.pipe(
                  map(() => {
                    reached('firstSentence');
                    return progress(status === 'processing' ? 'buffering' : status);
                  }),
                  catchError(() => EMPTY),
                ),
                spoken(chunks),
              ),
            ),
          );
        return concat(
          replyOf(model, message, options, fallback).pipe(
            connect((tokens) => merge(told(tokens), saved(tokens))),
          ),
          defer(() => {
            reached('total');
            return of(progress('completed'));
          }),
        );
      }).pipe(logged('rx-aloud:pipeline', { model: model.model, voice: voice.provider }));
    },
  };
}
