import { MalformedReplyError, ProviderError } from '../../src/errors.js';
import type { XttsConfig } from './xtts.js';

/** What XTTS knows a speaker by; the server computes it from a recording. */
export interface SpeakerLatents {
  /** What conditions the text model. */
  readonly gpt_cond_latent: readonly (readonly number[])[];
  /** What conditions the vocoder. */
  readonly speaker_embedding: readonly number[];
}

/** A request to the server. */
export interface XttsRequest {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | FormData;
  readonly signal: AbortSignal;
}

type Request = (path: string, init: XttsRequest) => Promise<Response>;

/**
 * Looks up the latents of a speaker. They are asked for once: utterances that need the same ones meanwhile share the
 * request, which lives as long as one of them waits. A failure is not kept.
 */
export function createLatentsCache(
  config: Pick<XttsConfig, 'reference' | 'latents' | 'voice'>,
  request: Request,
): (voice: string | undefined, signal: AbortSignal) => Promise<SpeakerLatents> {
  const cloned = shareWhileWanted((signal) => clone(config.reference, request, signal));
  const studio = shareWhileWanted((signal) => studioSpeakers(request, signal));

  return async (voice, signal) => {
    const name = voice ?? config.voice;
    if (name === undefined && config.latents) return config.latents;
    if (name === undefined && config.reference) return cloned(signal);
    const speakers = await studio(signal);
    const found = name === undefined ? speakers.values().next().value : speakers.get(name);
    if (found) return found;
    const names = [...speakers.keys()].slice(0, 20).join(', ');
    throw new ProviderError(
      name === undefined
        ? 'xtts: the server has no speakers of its own: give a reference recording'
        : `xtts: the server has no speaker ${JSON.stringify(name)}, it has ${names}`,
      { provider: 'xtts' },
    );
  };
}

/** One promise for all who want it; aborted when the last of them has gone before it settled. */
function shareWhileWanted<T>(ask: (signal: AbortSignal) => Promise<T>): (signal: AbortSignal) => Promise<T> {
  let current:
    { readonly answer: Promise<T>; readonly controller: AbortController; wanted: number } | undefined;
  return (signal) => {
    if (!current) {
      const controller = new AbortController();
      const started = { answer: ask(controller.signal), controller, wanted: 0 };
      current = started;
      started.answer.catch(() => {
        if (current === started) current = undefined;
      });
    }
    const shared = current;
    shared.wanted++;
    return new Promise<T>((resolve, reject) => {
      const leave = () => {
        reject(signal.reason as Error);
        if (--shared.wanted > 0) return;
        shared.controller.abort();
        if (current === shared) current = undefined;
      };
      signal.addEventListener('abort', leave, { once: true });
      const stay = () => signal.removeEventListener('abort', leave);
      shared.answer.finally(stay).then(resolve, reject);
    });
  };
}

async function clone(
  reference: XttsConfig['reference'],
  request: Request,
  signal: AbortSignal,
): Promise<SpeakerLatents> {
  const recording = typeof reference === 'function' ? await reference() : reference;
  const form = new FormData();
  const blob =
    recording instanceof Blob
      ? recording
      : new Blob([new Uint8Array(recording ?? [])], { type: 'audio/wav' });
  form.append('wav_file', blob, 'reference.wav');
  const response = await request('/clone_speaker', { method: 'POST', body: form, signal });
  return checked(await json(response));
}

async function studioSpeakers(request: Request, signal: AbortSignal): Promise<Map<string, SpeakerLatents>> {
  const answer = await json(await request('/studio_speakers', { signal }));
  if (typeof answer !== 'object' || answer === null) throw malformed();
  return new Map(Object.entries(answer).map(([name, latents]) => [name, checked(latents)]));
}

async function json(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw malformed(cause);
  }
}

function checked(answer: unknown): SpeakerLatents {
  const { gpt_cond_latent, speaker_embedding } = (answer ?? {}) as Partial<SpeakerLatents>;
  if (!Array.isArray(gpt_cond_latent) || !Array.isArray(speaker_embedding)) throw malformed();
  return { gpt_cond_latent, speaker_embedding };
}

function malformed(cause?: unknown): MalformedReplyError {
  return new MalformedReplyError('xtts: the answer holds no speaker latents', { provider: 'xtts', cause });
}
