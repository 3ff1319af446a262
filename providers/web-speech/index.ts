export { webSpeech, type SpeechWindow, type WebSpeechConfig } from './webSpeech.js';
