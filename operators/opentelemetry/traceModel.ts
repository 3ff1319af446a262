import type { Attributes } from '@opentelemetry/api';
import { filter, map, type Observable } from 'rxjs';
import type { ChatEvent, ChatModel, ChatOptions } from '../../src/chatModel.js';
import { observedAs, type Operation } from './observedAs.js';
import { checkTraceConfig, type TraceConfig } from './traceConfig.js';

/** What the convention calls them; other providers go by their own names. */
const providers: Readonly<Record<string, string>> = { gemini: 'gcp.gemini', 'google-genai': 'gcp.gemini' };
const reasons: Readonly<Record<string, string>> = {
  'content-filter': 'content_filter',
  'tool-calls': 'tool_call',
};

/**
 * The same model, with an OpenTelemetry span and figures for each request, by the semantic conventions for generative
 * AI (as of 2026). Nothing of what was asked or answered is recorded.
 *
 * A span `chat MODEL` lasts from subscribe to the end, whichever that is (`rx_aloud.ended`: complete, error or
 * unsubscribe), and is the parent of what an instrumented `fetch` records. It has `gen_ai.operation.name`,
 * `gen_ai.provider.name`, `gen_ai.request.*`, `gen_ai.response.finish_reasons`, `gen_ai.response.time_to_first_chunk`,
 * `gen_ai.usage.input_tokens`, `gen_ai.usage.output_tokens`, and on a failure `error.type` (the status, else the
 * error's name), the status ERROR and the exception, whose message holds no key.
 *
 * Figures, in seconds and tokens: `gen_ai.client.operation.duration`, `gen_ai.client.operation.time_to_first_chunk`
 * (streams alone; the first chunk is the first text) and `gen_ai.client.token.usage`, where the provider tells it.
 *
 * ```ts
 * const traced = traceModel(openai({ model: 'gpt-5.4-mini' }), { attributes: { 'app.feature': 'narrator' } });
 * traced('Why is the sky blue?').pipe(bufferSentences(), toSpeech(voice)).subscribe(play);
 * ```
 *
 * Needs `@opentelemetry/api`; without a provider registered with it nothing is recorded. A model of `withTools` gets a
 * span for the whole reply; trace the model inside it for a span a request.
 *
 * @throws TypeError when an option is none.
 */
export function traceModel<M extends ChatModel>(model: M, config: TraceConfig = {}): M {
  if (typeof model !== 'function') {
    throw new TypeError(`traceModel: model must be a chat model, got ${typeof model}`);
  }
  checkTraceConfig('traceModel', config);
  const operation = (options: ChatOptions, streams: boolean): Operation => ({
    name: 'chat',
    provider: providers[model.provider] ?? model.provider,
    model: model.model,
    streams,
    request: requestOf(options, streams),
  });
  const events = (prompt: Parameters<ChatModel>[0], options: ChatOptions = {}): Observable<ChatEvent> =>
    observedAs(operation(options, true), config, model.events(prompt, options), (span, count) => (event) => {
      if (event.type !== 'finish') return;
      span.setAttribute('gen_ai.response.finish_reasons', [reasons[event.reason] ?? event.reason]);
      if (!event.usage) return;
      span.setAttributes({
        'gen_ai.usage.input_tokens': event.usage.inputTokens,
        'gen_ai.usage.output_tokens': event.usage.outputTokens,
      });
      count('input', event.usage.inputTokens);
      count('output', event.usage.outputTokens);
    });
  const stream = (...[prompt, options]: Parameters<ChatModel>) =>
    events(prompt, options).pipe(
      filter((event) => event.type === 'text'),
      map(({ text }) => text),
    );
  // What else a model can do (release its memory, say), this one can, too.
  return Object.assign(stream, model, {
    events,
    complete: ((prompt, options = {}) =>
      observedAs(
        operation(options, false),
        config,
        model.complete(prompt, options),
        () => () => undefined,
      )) satisfies ChatModel['complete'],
  });
}

function requestOf(
  { temperature, maxTokens, topP, stop, seed, schema }: ChatOptions,
  streams: boolean,
): Attributes {
  return {
    'gen_ai.request.stream': streams,
    ...(temperature !== undefined && { 'gen_ai.request.temperature': temperature }),
    ...(maxTokens !== undefined && { 'gen_ai.request.max_tokens': maxTokens }),
    ...(topP !== undefined && { 'gen_ai.request.top_p': topP }),
    ...(stop !== undefined && { 'gen_ai.request.stop_sequences': [stop].flat() }),
    ...(seed !== undefined && { 'gen_ai.request.seed': seed }),
    ...(schema !== undefined && { 'gen_ai.output.type': 'json' }),
  };
}
