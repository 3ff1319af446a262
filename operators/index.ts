export { fallbackToComplete, type FallbackToCompleteConfig } from './fallbackToComplete.js';
export { measure, type MeasureConfig, type Measures, type MeasuresObserver } from './measure.js';
export { toSpeech, type ToSpeechConfig } from './toSpeech.js';
export { toWav } from './toWav.js';
export { hideReasoning, type HideReasoningConfig } from './hideReasoning.js';
export { parsePartialJson, type Partially } from './parsePartialJson.js';
export { pluckText } from './pluckText.js';
export { tool, withTools, type Tool, type ToolContext, type WithToolsConfig } from './withTools.js';
