import { lastValueFrom, toArray } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { ollama } from '../../providers/ollama/index.js';
import { wireServer, type WireReply, type WireServer } from '../support/wireServer.js';

let server: WireServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const line = (value: object) => `${JSON.stringify(value)}\n`;
const text = (content: string) => line({ message: { role: 'assistant', content }, done: false });
const done = line({ done: true, done_reason: 'stop', prompt_eval_count: 7, eval_count: 2 });

async function serve(...replies: WireReply[]) {
  server = await wireServer((_, index) => replies[Math.min(index, replies.length - 1)]!);
  return { server, model: ollama({ model: 'llama3.2', baseURL: server.url }) };
}

describe('ollama', () => {
  it('streams text', async () => {
    const { server, model } = await serve({ body: [text('Hello'), text(' there'), done] });
    expect(await lastValueFrom(model('Hi').pipe(toArray()))).toEqual(['Hello', ' there']);
    expect(server.requests.map(({ path, json }) => [path, json])).toEqual([
      [
        '/api/chat',
        { model: 'llama3.2', messages: [{ role: 'user', content: 'Hi' }], options: {}, stream: true },
      ],
    ]);
  });

  it('does not skip a line that is not JSON', async () => {
    const { model } = await serve({ body: [text('Hello'), '{"message": oops}\n', text('!'), done] });
    await expect(lastValueFrom(model('Hi'))).rejects.toMatchObject({
      name: 'MalformedReplyError',
      retryable: true,
    });
  });

  it('goes on exactly where a reply was cut off', async () => {
    const { server, model } = await serve({
      body: [line({ message: { content: ' scattered light.' }, done: true })],
    });
    const rest$ = model.complete('Why?', { continueFrom: 'It is scat' });
    expect(await lastValueFrom(rest$)).toBe('tered light.');
    expect(server.requests[0]?.json['messages']).toEqual([
      { role: 'user', content: 'Why?' },
      { role: 'assistant', content: 'It is' },
    ]);
  });
});
