// What a streamed token costs this process, beside the SDK's own loop over the same reply from the same server.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import { GoogleGenerativeAI } from '@google/generative-ai';
import { Ollama } from 'ollama';
import OpenAI from 'openai';
import { anthropic } from '../../../dist/providers/anthropic/index.js';
import { gemini } from '../../../dist/providers/gemini/index.js';
import { googleGenAI } from '../../../dist/providers/google-genai/index.js';
import { ollama } from '../../../dist/providers/ollama/index.js';
import { openai } from '../../../dist/providers/openai/index.js';

const messages = [{ role: 'user', content: 'Tell me a very long story.' }];

function contenders(url) {
  const openaiSdk = new OpenAI({ apiKey: 'none', baseURL: `${url}/v1`, maxRetries: 0 });
  const anthropicSdk = new Anthropic({ apiKey: 'none', baseURL: url, maxRetries: 0 });
  const genaiSdk = new GoogleGenAI({ apiKey: 'none', apiVersion: 'v1beta', httpOptions: { baseUrl: url } });
  const geminiSdk = new GoogleGenerativeAI('none').getGenerativeModel({ model: 'm' }, { baseUrl: url });
  const contents = [{ role: 'user', parts: [{ text: messages[0].content }] }];
  const ollamaSdk = new Ollama({ host: url });
  return {
    openai: {
      goal: 0.6,
      async sdk(take) {
        const stream = await openaiSdk.chat.completions.create({ model: 'm', messages, stream: true });
        for await (const { choices } of stream) {
          const text = choices[0]?.delta?.content;
          if (text) take(text);
        }
      },
      model: openai({ model: 'm', apiKey: 'none', baseURL: `${url}/v1` }),
    },
    anthropic: {
      goal: 0.6,
      async sdk(take) {
        const stream = await anthropicSdk.messages.create({
          model: 'm',
          messages,
          max_tokens: 4096,
          stream: true,
        });
        for await (const event of stream) {
          if (event.type === 'content_block_delta' && event.delta.type === 'text_delta')
            take(event.delta.text);
        }
      },
      model: anthropic({ model: 'm', apiKey: 'none', baseURL: url }),
    },
    ollama: {
      goal: 1.1,
      async sdk(take) {
        const stream = await ollamaSdk.chat({ model: 'm', messages, stream: true });
        for await (const { message } of stream) if (message?.content) take(message.content);
      },
      model: ollama({ model: 'm', baseURL: url }),
    },
    'google-genai': {
      goal: 1.1,
      async sdk(take) {
        const stream = await genaiSdk.models.generateContentStream({ model: 'm', contents });
        for await (const { candidates } of stream) {
          const text = candidates?.[0]?.content?.parts?.[0]?.text;
          if (text) take(text);
        }
      },
      model: googleGenAI({ model: 'm', apiKey: 'none', baseURL: url }),
    },
    gemini: {
      goal: 1.1,
      async sdk(take) {
        const { stream, response } = await geminiSdk.generateContentStream({ contents });
        response.catch(() => undefined);
        for await (const { candidates } of stream) {
          const text = candidates?.[0]?.content?.parts?.[0]?.text;
          if (text) take(text);
        }
      },
      model: gemini({ model: 'm', apiKey: 'none', baseURL: url }),
    },
  };
}

const ours = (model) => (take) =>
  new Promise((resolve, reject) => {
    model(messages).subscribe({ next: take, error: reject, complete: resolve });
  });

async function costOf(run, tokens) {
  globalThis.gc?.();
  let seen = 0;
  const before = process.cpuUsage();
  await run(() => (seen += 1));
  const { user, system } = process.cpuUsage(before);
  if (seen !== tokens) throw new Error(`${seen} tokens instead of ${tokens}`);
  return (user + system) / tokens;
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const round = (value) => Math.round(value * 100) / 100;

export default async function measure({ quick }) {
  const tokens = quick ? 2000 : 20_000;
  const rounds = quick ? 3 : 9;
  const server = fork(fileURLToPath(new URL('./server.mjs', import.meta.url)), [String(tokens)]);
  const [port] = await once(server, 'message');
  const results = [];
  try {
    for (const [provider, { goal, sdk, model }] of Object.entries(contenders(`http://127.0.0.1:${port}`))) {
      const cost = { sdk: [], ours: [] };
      for (let at = -2; at < rounds; at += 1) {
        // Each goes first as often as the other; two rounds to warm up.
        const order = at % 2 === 0 ? ['sdk', 'ours'] : ['ours', 'sdk'];
        for (const name of order) {
          const value = await costOf(name === 'sdk' ? sdk : ours(model), tokens);
          if (at >= 0) cost[name].push(value);
        }
      }
      const ratio = median(cost.ours.map((value, at) => value / cost.sdk[at]));
      results.push({
        provider,
        ratio: round(ratio),
        goal,
        microsecondsPerToken: { ours: round(median(cost.ours)), sdk: round(median(cost.sdk)) },
      });
    }
  } finally {
    server.disconnect();
  }
  console.log(`CPU of one streamed token, µs, medians of ${rounds} interleaved rounds of ${tokens} tokens\n`);
  console.table(
    results.map(({ provider, ratio, goal, microsecondsPerToken: { ours: mine, sdk } }) => ({
      provider,
      'ours / SDK': ratio,
      goal: `<= ${goal}`,
      ours: mine,
      SDK: sdk,
    })),
  );
  return { tokens, rounds, results };
}
