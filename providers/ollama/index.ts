export { ollama, type OllamaConfig } from './ollama.js';
