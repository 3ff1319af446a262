import { memoryRelay } from '../../src/index.js';
import { relayConformance } from '../providers/relayConformance.js';

relayConformance('memoryRelay', memoryRelay);
