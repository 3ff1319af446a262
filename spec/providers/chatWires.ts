import { anthropicWire } from './anthropicWire.js';
import type { ChatWire } from './chatConformance.js';
import { generativeAIWire, googleGenAIWire } from './geminiWire.js';
import { ollamaWire } from './ollamaWire.js';
import { openaiWire } from './openaiWire.js';

/** Every SDK with the protocol it speaks. */
export const chatWires: readonly ChatWire[] = [
  ollamaWire,
  openaiWire,
  anthropicWire,
  googleGenAIWire,
  generativeAIWire,
];
