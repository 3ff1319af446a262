export { llamaCpp, type LlamaCppConfig, type LlamaCppModel } from './llamaCpp.js';
export type { NodeLlamaCpp } from './nodeLlamaCpp.js';
