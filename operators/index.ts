export { accumulateConversation, type AccumulateConversationConfig } from './accumulateConversation.js';
export { coalesceTokens, type CoalesceTokensConfig } from './coalesceTokens.js';
export { fallbackChain, type FallbackChainConfig } from './fallbackChain.js';
export { bufferSentences, type BufferSentencesConfig } from './bufferSentences.js';
export { splitSentences, type Sentence, type SplitSentencesConfig } from './splitSentences.js';
export { fallbackToComplete, type FallbackToCompleteConfig } from './fallbackToComplete.js';
export { measure, type MeasureConfig, type Measures, type MeasuresObserver } from './measure.js';
export { type SpeakableConfig } from './markdown/createMarkdownReader.js';
export { speakable } from './speakable.js';
export { speakableText } from './speakableText.js';
export { serverSentEvents, type ServerSentEventsConfig } from './serverSentEvents.js';
export { OverflowError, toAsyncIterable, type BufferConfig } from './toAsyncIterable.js';
export { toReadableStream } from './toReadableStream.js';
export { toServerSentEvents, type ToServerSentEventsConfig } from './toServerSentEvents.js';
export {
  toUIMessageStream,
  uiMessageStreamHeaders,
  type ToUIMessageStreamConfig,
} from './toUIMessageStream.js';
export {
  uiMessageChunks,
  type ToolResultEvent,
  type UIMessageChunksConfig,
  type UIMessageStreamChunk,
} from './uiMessageChunks.js';
export { toSpeech, type ToSpeechConfig } from './toSpeech.js';
export { toWav } from './toWav.js';
export { hideReasoning, type HideReasoningConfig } from './hideReasoning.js';
export { createModelHealth, type CircuitConfig, type ModelHealth } from './modelHealth.js';
export { parsePartialJson, type Partially } from './parsePartialJson.js';
export { pluckText } from './pluckText.js';
export { tool, withTools, type Tool, type ToolContext, type WithToolsConfig } from './withTools.js';
export { publishTo, type PublishToConfig } from './publishTo.js';
export { retryBeforeFirstToken, type RetryBeforeFirstTokenConfig } from './retryBeforeFirstToken.js';
export { heardText, type HeardTextConfig } from './heardText.js';
export { resample } from './resample.js';
export { uniformFormat, type UniformFormat } from './uniformFormat.js';
