export { openai, type OpenAIClient, type OpenAIConfig } from './chat.js';
export { openaiSpeech, type OpenAISpeechConfig } from './speech.js';
