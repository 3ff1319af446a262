export { anthropic, type AnthropicClient, type AnthropicConfig } from './anthropic.js';
