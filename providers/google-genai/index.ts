export { googleGenAI, type GoogleGenAIClient, type GoogleGenAIConfig } from './googleGenAI.js';
