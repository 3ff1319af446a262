export { openai, type OpenAIClient, type OpenAIConfig } from './chat.js';
