export { flite, type FliteConfig, type FliteVoice, type FliteVoiceName } from './flite.js';
