export {
  scriptedModel,
  type ScriptedEnd,
  type ScriptedModelConfig,
  type ScriptedModelRequest,
  type ScriptedToken,
} from './scriptedModel.js';
export { scriptedVoice, type ScriptedVoiceConfig, type ScriptedVoiceRequest } from './scriptedVoice.js';
