export {
  modelFromEnvironment,
  type ModelFromEnvironmentConfig,
  type ModelName,
} from './modelFromEnvironment.js';
export {
  voiceFromEnvironment,
  type VoiceFromEnvironmentConfig,
  type VoiceName,
} from './voiceFromEnvironment.js';
