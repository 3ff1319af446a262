import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { azureServer } from './azureServer.js';

/** Every provider's protocol on loopback ports, and the environment in which programs find them there. */
export interface LoopbackProviders {
  readonly environment: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const reply =
  'The sky is blue because air scatters blue light the most. At sunset the light comes a longer way.';
const usage = { input: 9, output: 21 };

type Json = Readonly<Record<string, unknown>>;

/** What a request asks for, whatever the protocol. */
interface Asked {
  readonly stream: boolean;
  readonly schema: unknown;
  /** The first tool, if one was offered and none has answered yet. */
  readonly tool: { readonly name: string; readonly schema: unknown } | undefined;
}

/** A value that fits a JSON Schema of simple kinds; every text in it is the reply. */
function example(schema: unknown): unknown {
  const { type, properties, items, enum: values } = (schema ?? {}) as Json;
  if (Array.isArray(values)) return values[0] as unknown;
  switch ([type].flat()[0]) {
    case 'object':
      return Object.fromEntries(
        Object.entries((properties ?? {}) as Json).map(([name, inner]) => [name, example(inner)]),
      );
    case 'array':
      return [example(items)];
    case 'number':
    case 'integer':
      return 1;
    case 'boolean':
      return true;
    default:
      return reply;
  }
}

const textFor = ({ schema }: Asked) => (schema === undefined ? reply : JSON.stringify(example(schema)));
const pieces = (text: string) => text.match(/\s*\S+/g) ?? [];
const event = (data: object, name?: string) =>
  `${name === undefined ? '' : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;
const at = (value: unknown, ...path: (string | number)[]): unknown =>
  path.reduce((inner, key) => (inner as Record<string | number, unknown> | undefined)?.[key], value);

type Protocol = (
  json: Json,
  path: string,
) => { readonly asked: Asked; readonly whole: () => object; readonly streamed: () => string[] };

const ollama: Protocol = (json) => {
  const asked: Asked = {
    stream: json['stream'] === true,
    schema: json['format'],
    tool: toolOf(json, ['tools', 0, 'function'], 'parameters', /"role":"tool"/),
  };
  const message = (part: object) => ({ message: { role: 'assistant', content: '', ...part }, done: false });
  const end = { done: true, done_reason: 'stop', prompt_eval_count: usage.input, eval_count: usage.output };
  const call = asked.tool && {
    tool_calls: [{ function: { name: asked.tool.name, arguments: example(asked.tool.schema) } }],
  };
  return {
    asked,
    whole: () => ({ ...message(call ?? { content: textFor(asked) }), ...end }),
    streamed: () =>
      [
        ...(call ? [message(call)] : pieces(textFor(asked)).map((content) => message({ content }))),
        { ...message({}), ...end },
      ].map((line) => `${JSON.stringify(line)}\n`),
  };
};

const openai: Protocol = (json) => {
  const asked: Asked = {
    stream: json['stream'] === true,
    schema: at(json, 'response_format', 'json_schema', 'schema'),
    tool: toolOf(json, ['tools', 0, 'function'], 'parameters', /"role":"tool"/),
  };
  const call = asked.tool && [
    {
      index: 0,
      id: 'call-1',
      type: 'function',
      function: { name: asked.tool.name, arguments: JSON.stringify(example(asked.tool.schema)) },
    },
  ];
  const finish_reason = call ? 'tool_calls' : 'stop';
  const cost = { prompt_tokens: usage.input, completion_tokens: usage.output };
  const delta = (part: object, finish: string | null = null) =>
    event({ id: 'c', choices: [{ index: 0, delta: part, finish_reason: finish }] });
  return {
    asked,
    whole: () => ({
      choices: [
        {
          message: call
            ? { role: 'assistant', content: null, tool_calls: call }
            : { role: 'assistant', content: textFor(asked) },
          finish_reason,
        },
      ],
      usage: cost,
    }),
    streamed: () => [
      ...(call ? [delta({ tool_calls: call })] : pieces(textFor(asked)).map((content) => delta({ content }))),
      delta({}, finish_reason),
      event({ choices: [], usage: cost }),
      'data: [DONE]\n\n',
    ],
  };
};

const anthropic: Protocol = (json) => {
  const asked: Asked = {
    stream: json['stream'] === true,
    schema: at(json, 'output_config', 'format', 'schema'),
    tool: toolOf(json, ['tools', 0], 'input_schema', /"type":"tool_result"/),
  };
  const input = asked.tool && example(asked.tool.schema);
  const block = asked.tool
    ? { type: 'tool_use', id: 'call-1', name: asked.tool.name }
    : { type: 'text', text: '' };
  const stop_reason = asked.tool ? 'tool_use' : 'end_turn';
  const typed = (type: string, value: object) => event({ type, ...value }, type);
  const cost = { input_tokens: usage.input, output_tokens: usage.output };
  return {
    asked,
    whole: () => ({
      type: 'message',
      role: 'assistant',
      content: [asked.tool ? { ...block, input } : { type: 'text', text: textFor(asked) }],
      stop_reason,
      usage: cost,
    }),
    streamed: () => [
      typed('message_start', {
        message: { id: 'm', type: 'message', role: 'assistant', content: [], usage: cost },
      }),
      typed('content_block_start', { index: 0, content_block: asked.tool ? { ...block, input: {} } : block }),
      ...(asked.tool
        ? [{ type: 'input_json_delta', partial_json: JSON.stringify(input) }]
        : pieces(textFor(asked)).map((text) => ({ type: 'text_delta', text }))
      ).map((delta) => typed('content_block_delta', { index: 0, delta })),
      typed('content_block_stop', { index: 0 }),
      typed('message_delta', { delta: { stop_reason }, usage: { output_tokens: usage.output } }),
      typed('message_stop', {}),
    ],
  };
};

const google: Protocol = (json, path) => {
  const asked: Asked = {
    stream: path.includes(':streamGenerateContent'),
    schema: at(json, 'generationConfig', 'responseJsonSchema'),
    tool: toolOf(json, ['tools', 0, 'functionDeclarations', 0], 'parametersJsonSchema', /"functionResponse"/),
  };
  const chunk = (part: object, end: object = {}) => ({
    candidates: [{ content: { role: 'model', parts: [part] }, ...end }],
    usageMetadata: { promptTokenCount: usage.input, candidatesTokenCount: usage.output },
  });
  const call = asked.tool && {
    functionCall: { id: 'call-1', name: asked.tool.name, args: example(asked.tool.schema) },
  };
  const end = { finishReason: 'STOP' };
  return {
    asked,
    whole: () => chunk(call ?? { text: textFor(asked) }, end),
    streamed: () => [
      ...(call ? [event(chunk(call))] : pieces(textFor(asked)).map((text) => event(chunk({ text })))),
      event(chunk({ text: '' }, end)),
    ],
  };
};

function toolOf(json: Json, path: (string | number)[], parameters: string, answered: RegExp): Asked['tool'] {
  const tool = at(json, ...path) as Json | undefined;
  if (!tool || answered.test(JSON.stringify(json))) return undefined;
  return { name: String(tool['name']), schema: tool[parameters] };
}

const latents = { gpt_cond_latent: [[0]], speaker_embedding: [0] };

/** Two hundredths of a second of 24 kHz silence for each word of a text. */
const pcm = (text: string) => new Uint8Array(960 * (text.match(/[\p{L}\p{N}]+/gu) ?? []).length);

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const path = request.url ?? '';
  const send = (value: unknown) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
  if (path === '/api/tags') return void send({ models: [{ name: 'llama3.2' }] });
  if (path === '/studio_speakers') return void send({ Ana: latents });
  if (path === '/clone_speaker') return void send(latents);
  if (path.startsWith('/weather/')) return void send({ sky: 'clear', celsius: 4 });

  const text = Buffer.concat(parts).toString();
  const json = (text === '' ? {} : JSON.parse(text)) as Json;
  if (path === '/tts_stream') return void response.end(pcm(String(json['text'])));
  if (path === '/v1/audio/speech') return void response.end(pcm(String(json['input'])));
  const protocol =
    path === '/api/chat'
      ? ollama
      : path.startsWith('/v1/chat/completions')
        ? openai
        : path.startsWith('/v1/messages')
          ? anthropic
          : /^\/v1(beta)?\/models\/[^:]+:(streamG|g)enerateContent/.test(path)
            ? google
            : undefined;
  if (!protocol) return void response.writeHead(404).end(`nothing here answers ${path}`);
  const { asked, whole, streamed } = protocol(json, path);
  if (!asked.stream) return void send(whole());
  response.setHeader('content-type', path === '/api/chat' ? 'application/x-ndjson' : 'text/event-stream');
  for (const piece of streamed()) response.write(piece);
  response.end();
}

/** Starts them. They answer at once, always the same: a text, an object that fits a schema, or a call of the first tool. */
export async function loopbackProviders(): Promise<LoopbackProviders> {
  const http = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(400);
      response.end(String(error));
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const azure = await azureServer({ key: 'azure-key' });
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return {
    environment: {
      OLLAMA_URL: url,
      OLLAMA_DEFAULT_MODEL: 'llama3.2',
      OPENAI_API_KEY: 'openai-key',
      OPENAI_BASE_URL: `${url}/v1`,
      ANTHROPIC_API_KEY: 'anthropic-key',
      ANTHROPIC_BASE_URL: url,
      GOOGLE_AI_STUDIO_KEY: 'google-key',
      GOOGLE_GEMINI_BASE_URL: url,
      COQUI_XTTS_URL: url,
      AZURE_SPEECH_KEY: 'azure-key',
      AZURE_SPEECH_REGION: 'westeurope',
      // Read by the blocks' runner: these SDKs take no address from the environment.
      LOOPBACK_HTTP: url,
      LOOPBACK_AZURE: azure.url,
    },
    async close() {
      http.closeAllConnections();
      http.close();
      await azure.close();
    },
  };
}
