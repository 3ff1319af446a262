export { azureSpeech, type AzureSpeechConfig, type AzureSpeechVoice } from './azureSpeech.js';
