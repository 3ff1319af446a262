import { memoryStore } from '../../src/index.js';
import { storeConformance } from '../providers/storeConformance.js';

storeConformance('memoryStore', memoryStore);
