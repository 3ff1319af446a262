export type { TraceConfig } from './traceConfig.js';
export { traceModel } from './traceModel.js';
export { traceVoice } from './traceVoice.js';
