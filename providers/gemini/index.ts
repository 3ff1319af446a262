export { gemini, type GeminiConfig } from './gemini.js';
