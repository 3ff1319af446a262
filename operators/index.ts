export { fallbackToComplete, type FallbackToCompleteConfig } from './fallbackToComplete.js';
export { measure, type MeasureConfig, type Measures, type MeasuresObserver } from './measure.js';
export { toWav } from './toWav.js';
