import OpenAI from 'openai-7';
import { openai } from '../../providers/openai/index.js';
import { chatConformance } from './chatConformance.js';
import { openaiWire } from './openaiWire.js';

// The SDK's next major version comes in as a client of one's own; the retries it was given must not happen.
chatConformance({
  ...openaiWire,
  create: ({ baseURL, apiKey = 'none', signal }) => {
    const client = new OpenAI({ apiKey, baseURL: `${baseURL}/v1`, maxRetries: 3 });
    return openai({ model: 'model-1', client, ...(signal === undefined ? {} : { signal }) });
  },
  bringsOwnKey: true,
});
