export type { SpeakerLatents } from './speakerLatents.js';
export { xtts, type XttsConfig } from './xtts.js';
