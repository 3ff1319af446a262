import { DefaultChatTransport, readUIMessageStream, type UIMessage, type UIMessageChunk } from 'ai';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { connect, last, merge, of, Subject, takeUntil, type Observable } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toUIMessageStream, uiMessageStreamHeaders } from '../../operators/toUIMessageStream.js';
import { tool, withTools } from '../../operators/withTools.js';
import type { ToolResultEvent, UIMessageStreamChunk } from '../../operators/uiMessageChunks.js';
import { openai } from '../../providers/openai/index.js';
import { scriptedModel } from '../../providers/scripted/index.js';
import type { ChatEvent } from '../../src/chatModel.js';
import { OverloadedError } from '../../src/errors.js';
import { openaiWire } from '../providers/openaiWire.js';
import { wireServer } from '../support/wireServer.js';

/** A server that answers with the stream, read by the client that the AI SDK's pages use. */
describe('toUIMessageStream, read by the ai package', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  const ask = async (
    reply: () => Observable<string | ChatEvent | ToolResultEvent>,
    abortSignal?: AbortSignal,
  ) => {
    const server = createServer((_, response) => {
      response.writeHead(200, uiMessageStreamHeaders);
      void pipeline(Readable.fromWeb(toUIMessageStream(reply()) as NodeStream), response).catch(
        () => undefined,
      );
    });
    servers.push(server);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const api = `http://127.0.0.1:${(server.address() as AddressInfo).port}/chat`;
    const message: UIMessage = { id: 'u', role: 'user', parts: [{ type: 'text', text: 'Why?' }] };
    return new DefaultChatTransport({ api }).sendMessages({
      chatId: 'c',
      messageId: undefined,
      trigger: 'submit-message',
      messages: [message],
      abortSignal,
    });
  };
  const messageOf = async (stream: ReadableStream<UIMessageChunk>) => {
    let message: UIMessage | undefined;
    let versions = 0;
    const errors: unknown[] = [];
    const read = readUIMessageStream({
      stream,
      onError: (error) => errors.push(error),
      terminateOnError: false,
    });
    for await (message of read) versions++;
    return { message: message!, versions, errors };
  };

  it('is the message, with reasoning, text and what it cost', async () => {
    const model = scriptedModel({
      tokens: [
        { type: 'reasoning', text: 'Let me' },
        { type: 'reasoning', text: ' think.' },
        'It is',
        ' “blue”.\n',
      ],
      tokensPerSecond: 200,
      usage: { inputTokens: 5, outputTokens: 7 },
    });
    const { message, versions, errors } = await messageOf(await ask(() => model.events('Why?')));
    expect(errors).toEqual([]);
    expect(versions).toBeGreaterThan(3);
    expect(message).toMatchObject({
      role: 'assistant',
      metadata: { usage: { inputTokens: 5, outputTokens: 7 } },
      parts: [
        { type: 'step-start' },
        { type: 'reasoning', text: 'Let me think.', state: 'done' },
        { type: 'text', text: 'It is “blue”.\n', state: 'done' },
      ],
    });
  });

  it('has no chunk that the ai package does not know', () => {
    const known: (chunk: UIMessageStreamChunk) => UIMessageChunk = (chunk) => chunk;
    expect(known({ type: 'abort' })).toEqual({ type: 'abort' });
  });

  it('takes bare tokens too', async () => {
    const { message } = await messageOf(await ask(() => of('Hel', 'lo\u2028', '🗼')));
    expect(message.parts).toMatchObject([{ type: 'step-start' }, { type: 'text', text: 'Hello\u2028🗼' }]);
  });

  it('shows tools at work: what they are asked, what they answer, what is said then', async () => {
    const call = { id: 'call-a', name: 'weather', arguments: { city: 'Oslo' } };
    const server = await wireServer((_, index) => ({
      body:
        index === 0
          ? [openaiWire.text('Let me see. '), openaiWire.toolCalls!([call]), openaiWire.finish('tool-calls')]
          : [openaiWire.text('Cold.'), openaiWire.finish('stop')],
    }));
    const results = new Subject<ToolResultEvent>();
    const weather = tool({
      name: 'weather',
      parameters: z.object({ city: z.string() }),
      execute: ({ city }, { id }) => {
        const result = { city, celsius: 4 };
        results.next({ type: 'tool-result', id, name: 'weather', result });
        return result;
      },
    });
    const assistant = withTools(openai({ apiKey: 'k', baseURL: `${server.url}/v1` }), [weather]);
    const reply = assistant
      .events('A coat?')
      .pipe(connect((events) => merge(events, results.pipe(takeUntil(events.pipe(last(null, undefined)))))));
    const { message, errors } = await messageOf(await ask(() => reply));
    await server.close();
    expect(errors).toEqual([]);
    expect(message.parts).toMatchObject([
      { type: 'step-start' },
      { type: 'text', text: 'Let me see. ' },
      {
        type: 'tool-weather',
        toolCallId: 'call-a',
        state: 'output-available',
        input: { city: 'Oslo' },
        output: { city: 'Oslo', celsius: 4 },
      },
      { type: 'step-start' },
      { type: 'text', text: 'Cold.' },
    ]);
  });

  it('tells a failure after what was said before it', async () => {
    const model = scriptedModel({
      text: 'Half a reply',
      failAfter: 2,
      error: new OverloadedError('openai: overloaded', { provider: 'openai' }),
    });
    const { message, errors } = await messageOf(await ask(() => model.events('Why?')));
    expect(message.parts).toMatchObject([{ type: 'step-start' }, { type: 'text', text: 'Half a' }]);
    expect(errors.map(String)).toEqual(['Error: openai: overloaded']);
  });

  it('lets the model go when the page stops it', async () => {
    let gone: () => void;
    const left = new Promise<void>((resolve) => (gone = resolve));
    const model = scriptedModel({
      tokens: (function* () {
        for (;;) yield 'on and ';
      })(),
      tokensPerSecond: 500,
      onEnd: (_request, how) => {
        expect(how).toBe('unsubscribe');
        gone();
      },
    });
    const controller = new AbortController();
    const reader = (await ask(() => model.events('Why?'), controller.signal)).getReader();
    while ((await reader.read()).value?.type !== 'text-delta');
    controller.abort();
    await left;
  });

  it('can be the end of a pipe, and refuses what is out of range', async () => {
    const stream = toUIMessageStream({ messageId: 'm-7' })(of('Hi'));
    const text = await new Response(stream).text();
    expect(text.startsWith('data: {"type":"start","messageId":"m-7"}\n\n')).toBe(true);
    expect(text.endsWith('\n\ndata: [DONE]\n\n')).toBe(true);
    expect(() => toUIMessageStream({ maxBuffered: 0 })).toThrow(TypeError);
    expect(() => toUIMessageStream(of('a'), { messageId: '' })).toThrow(/messageId/);
  });
});
