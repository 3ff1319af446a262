import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chromiumMissing, openChromium } from '../support/chromium.js';
import { runExample } from '../support/runExample.js';
import {
  hang,
  wireServer,
  type WireReply,
  type WireRequest,
  type WireServer,
} from '../support/wireServer.js';
import { ollamaReply } from './web/demoServer.js';
import { listenToPage } from './web/listenToPage.js';

const text =
  'The first sentence is here already. The second one comes right after it. Then the third one is spoken.';

/** What an OpenAI-compatible server sends. */
function openaiReply(content: string, ending: NonNullable<WireReply['body']>): WireReply {
  const event = (delta: object, reason: string | null) =>
    `data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: reason }] })}\n\n`;
  const tokens = (content.match(/\S+\s*/g) ?? []).flatMap((word) => [
    event({ content: word }, null),
    { wait: 10 },
  ]);
  return {
    headers: { 'content-type': 'text/event-stream' },
    body: [...tokens, ...ending, event({}, 'stop'), 'data: [DONE]\n\n'],
  };
}

describe.skipIf(chromiumMissing !== undefined)('browser-only', { timeout: 60_000 }, () => {
  let browser: Browser;
  let upstream: WireServer;
  let answer: WireReply;
  let url: string;
  let page: Page;
  let complaints: string[];

  /** The page comes from nowhere: a server that it asks has to say that it may. */
  const allowed = (request: WireRequest): WireReply => {
    const headers = { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' };
    if (request.method === 'OPTIONS') {
      const asked = String(request.headers['access-control-request-headers']);
      return { status: 204, headers: { ...headers, 'access-control-allow-headers': asked } };
    }
    return { ...answer, headers: { ...answer.headers, ...headers } };
  };
  beforeAll(async () => {
    upstream = await wireServer(allowed);
    const { code, stdout, stderr } = await runExample('index', ['browser-only']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    [, url = ''] = /^Open (file:\S+)$/m.exec(stdout) ?? [];
    browser = await openChromium();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await upstream.close();
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 360, height: 740 } });
    complaints = [];
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await listenToPage(page);
    await page.goto(url);
  });
  afterEach(async () => {
    await page.close();
    expect(complaints).toEqual([]);
  });

  const status = () => page.getByRole('status').innerText();
  const speak = () => page.getByRole('button', { name: 'Speak' }).click();
  const stop = () => page.getByRole('button', { name: 'Stop' }).click();
  const loud = () => page.waitForFunction(() => heardOutside.level() > 0.01);
  const requests = () => upstream.requests.filter(({ method }) => method === 'POST');
  const use = async (provider: string, path = '') => {
    await page.getByRole('combobox', { name: 'Model' }).selectOption(provider);
    await page.getByLabel('Address').fill(upstream.url + path);
    await page.getByLabel("Model's name").fill('tiny');
  };

  it('speaks without any server, and is silent when stopped', async () => {
    await speak();
    await loud();
    expect(await status()).toBe('Speaking.');
    await stop();
    await page.waitForFunction(() => heardOutside.level() === 0, undefined, { timeout: 1000 });
    expect(await status()).toBe('Stopped.');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });

  it('hears a reply to its end', async () => {
    await use('ollama');
    answer = ollamaReply('Blue light scatters.', 10);
    await speak();
    await page.getByText('Heard to the end.').waitFor();
    expect(await page.locator('#reply').innerText()).toBe('Blue light scatters.');
    expect(requests().at(-1)!.json).toMatchObject({ model: 'tiny' });
  });

  it('asks an Ollama; stopping ends the request', async () => {
    await use('ollama');
    answer = ollamaReply(text, 10, [hang]);
    await speak();
    await loud();
    const request = requests().at(-1)!;
    await stop();
    expect(await upstream.earlyClose(request)).toBeDefined();
  });

  it('asks an OpenAI-compatible server with the key that was typed; a new prompt ends the request', async () => {
    await use('openai', '/v1');
    await page.getByRole('textbox', { name: 'Key' }).fill('typed-by-me');
    answer = openaiReply(text, [hang]);
    await speak();
    await loud();
    const request = requests().at(-1)!;
    expect(request.headers.authorization).toBe('Bearer typed-by-me');
    answer = openaiReply('Once more.', []);
    await speak();
    expect(await upstream.earlyClose(request)).toBeDefined();
    await page.getByText('Heard to the end.').waitFor();
    expect(await page.locator('#reply').innerText()).toBe('Once more.');
  });

  it('says what went wrong, without the key', async () => {
    await use('openai', '/v1');
    await page.getByRole('textbox', { name: 'Key' }).fill('typed-by-me');
    answer = { status: 401, body: ['{"error":{"message":"typed-by-me is no key of mine"}}'] };
    await speak();
    await expect.poll(status).toContain('no key of mine');
    expect(await status()).not.toContain('typed-by-me');
    complaints = complaints.filter((complaint) => !complaint.includes('401'));
  });
});
