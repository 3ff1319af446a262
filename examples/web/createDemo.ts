import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import { Conversation } from 'rx-aloud';
import { toServerSentEvents } from 'rx-aloud/operators';
import type { Asset } from './bundlePage.js';
import type { Available } from './choices.js';
import { checkSender, readBody, Refusal } from './requests.js';
import { readSettings } from './settings.js';
import { createTurn, type Turn } from './turn.js';
import type { Choices } from './wire.js';

const system =
  'You are heard, not read: answer in plain spoken sentences, without lists, headings or markup, in at most 150 words.';
const longestPrompt = 4000;
const longestBody = 16 * 1024;
/** The oldest conversation goes when there are more. */
const mostConversations = 32;

interface Talk {
  readonly id: string;
  readonly turn: Turn;
  /** The reply that this one has ended. */
  readonly replaced: string | undefined;
}

/** What a demo is made of. */
export interface DemoConfig {
  readonly choices: Available;
  readonly page: ReadonlyMap<string, Asset>;
  /** A name besides those of this machine under which it may be asked for. */
  readonly host: string;
}

/** The page's server: `POST /turns` asks, `GET /turns/ID` is the reply as server-sent events. */
export function createDemo({ choices, page, host }: DemoConfig): Server {
  const conversations = new Map<string, Conversation>();
  const talks = new Map<string, Talk>();

  function ask(body: Record<string, unknown>): string {
    const { conversation: name, prompt, heard } = body;
    const { model } = choices.models.get(String(body['model'])) ?? {};
    const { voice, warm } = choices.voices.get(String(body['voice'])) ?? {};
    if (typeof name !== 'string' || !/^[\w-]{8,64}$/.test(name)) {
      throw new Refusal(400, 'conversation must be an id');
    }
    if (typeof prompt !== 'string' || prompt.trim() === '' || prompt.length > longestPrompt) {
      throw new Refusal(400, `prompt must be a text of at most ${longestPrompt} characters`);
    }
    if (model === undefined) throw new Refusal(400, 'there is no such model');
    if (voice === undefined) throw new Refusal(400, 'there is no such voice');
    const settings = readSettings(body['settings'] ?? {});

    // Should that fail, the first utterance will say why.
    warm?.().catch(() => undefined);
    const replaced = talks.get(name)?.id;
    end(name, heard);
    const conversation = conversations.get(name) ?? begin(name);
    const turn = createTurn({ model, voice, conversation, prompt: prompt.trim(), settings });
    const id = crypto.randomUUID();
    talks.set(name, { id, turn, replaced });
    return id;
  }

  function begin(name: string): Conversation {
    const conversation = new Conversation({ id: name, historyLimit: 40 });
    conversation.system(system);
    conversations.set(name, conversation);
    const [oldest] = conversations.keys();
    if (conversations.size > mostConversations && oldest !== undefined) {
      end(oldest);
      conversations.delete(oldest);
    }
    return conversation;
  }

  function stop(name: string, heard?: unknown): void {
    const turn = talks.get(name)?.turn;
    if (heard !== undefined) turn?.played(position(heard));
    turn?.stop();
  }

  function end(name: string, heard?: unknown): void {
    stop(name, heard);
    talks.get(name)?.turn.forget();
    talks.delete(name);
  }

  const find = (id: string | undefined) => {
    const found = [...talks].find(([, talk]) => talk.id === id);
    if (found === undefined) throw new Refusal(404, 'there is no such reply, or not any more');
    return { name: found[0], turn: found[1].turn };
  };

  /** The next prompt may overtake what is still being told of the reply that it has ended. */
  const isReplaced = (id: string | undefined) => [...talks.values()].some(({ replaced }) => replaced === id);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    checkSender(request, host);
    const path = (request.url ?? '').replace(/\?.*/s, '');
    const [, id, action] = /^\/turns\/([\w-]+)(?:\/(\w+))?$/.exec(path) ?? [];
    const route = `${request.method ?? ''} ${id === undefined ? path : `/turns/ID${action === undefined ? '' : `/${action}`}`}`;
    switch (route) {
      case 'GET /choices':
        json(response, 200, listed(choices));
        return;
      case 'POST /turns':
        json(response, 201, { id: ask(await readBody(request, longestBody)) });
        return;
      case 'GET /turns/ID': {
        const { turn } = find(id);
        const lastEventId = request.headers['last-event-id'];
        response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
        // A lost connection is opened again at once: the audio that has come lasts for some seconds only.
        response.write('retry: 250\n\n');
        // The client has gone: nothing is left to be said.
        await toServerSentEvents(turn.events$, { lastEventId })
          .pipeTo(Writable.toWeb(response))
          .catch(() => undefined);
        return;
      }
      case 'POST /turns/ID/played': {
        const { position: heard } = await readBody(request, longestBody);
        if (!isReplaced(id)) find(id).turn.played(position(heard));
        json(response, 200, {});
        return;
      }
      case 'POST /turns/ID/stop': {
        const { heard } = await readBody(request, longestBody);
        if (!isReplaced(id)) stop(find(id).name, heard);
        json(response, 200, {});
        return;
      }
      default: {
        const asset = request.method === 'GET' ? page.get(path) : undefined;
        if (asset === undefined) throw new Refusal(404, 'there is nothing here');
        response.writeHead(200, { 'content-type': asset.type, 'cache-control': 'no-cache' }).end(asset.body);
      }
    }
  }

  const server = createServer((request, response) => {
    response.setHeader('content-security-policy', "default-src 'self'; frame-ancestors 'none'");
    response.setHeader('x-content-type-options', 'nosniff');
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent) return response.destroy();
      const status = error instanceof Refusal ? error.status : error instanceof TypeError ? 400 : 500;
      // The rest of a body that is too long is not read.
      if (status === 413) response.setHeader('connection', 'close');
      json(response, status, { error: error instanceof Error ? error.message : 'failed' });
    });
  });
  server.on('close', () => [...talks.keys()].forEach((name) => end(name)));
  return server;
}

function position(value: unknown): number {
  if (typeof value === 'number' && value >= 0) return value;
  throw new Refusal(400, 'a position is milliseconds from 0');
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function listed({ models, voices, prompts }: Available): Choices {
  return {
    models: Array.from(models, ([id, { label }]) => ({ id, label })),
    voices: Array.from(voices, ([id, { label, voice }]) => ({
      id,
      label,
      sampleRate: voice.format?.sampleRate ?? 48_000,
    })),
    prompts,
  };
}
