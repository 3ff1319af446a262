export { CorruptConversationError } from './corruptConversationError.js';
export { jsonLinesStore, type JsonLinesStoreConfig } from './jsonLinesStore.js';
