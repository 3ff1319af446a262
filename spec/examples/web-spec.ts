import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chromiumMissing, openChromium } from '../support/chromium.js';
import { startExample, type RunningExample } from '../support/runExample.js';
import {
  hang,
  wireServer,
  type WireReply,
  type WireRequest,
  type WireServer,
} from '../support/wireServer.js';
import { listenToPage } from './web/listenToPage.js';

/** What an Ollama sends for a token. */
const token = (content: string) =>
  `${JSON.stringify({ message: { role: 'assistant', content }, done: false })}\n`;
const last = `${JSON.stringify({ message: { role: 'assistant', content: '' }, done: true, done_reason: 'stop' })}\n`;

/** A model that says this, a word every so many ms, and then stays connected without a word. */
function speaking(text: string, gap = 20, ending: WireReply['body'] = [hang]): WireReply {
  const words = text.match(/\S+\s*/g) ?? [];
  return {
    body: [...words.flatMap((word) => [token(word), { wait: gap }]), ...ending],
  };
}

const long =
  'The first sentence is here already. The second one comes right after it. Then the third one is spoken aloud. ' +
  'A fourth sentence follows the others. And so does the fifth one of them all. At last there is the sixth one.';

describe.skipIf(chromiumMissing !== undefined)('npm run demo, in a browser', { timeout: 60_000 }, () => {
  let browser: Browser;
  let upstream: WireServer;
  let answer: (request: WireRequest) => WireReply;
  let demo: RunningExample;
  let address: string;
  let page: Page;
  let complaints: string[];

  const startDemo = async (port = '0') => {
    const example = startExample('web/serve', ['--port', port], {
      env: { OLLAMA_URL: upstream.url, OLLAMA_DEFAULT_MODEL: 'tiny' },
    });
    const [, url = ''] = await example.printed(/^(http:\/\/127\.0\.0\.1:\d+)$/m);
    return { example, url };
  };
  const endDemo = async (example: RunningExample) => {
    example.process.kill('SIGINT');
    expect((await example.ended).stderr).toBe('');
  };
  const open = async (options: BrowserContextOptions = {}, url = address) => {
    const context = await browser.newContext(options);
    const opened = await context.newPage();
    complaints = [];
    opened.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    opened.on('pageerror', (error) => complaints.push(String(error)));
    await listenToPage(opened);
    await opened.goto(url);
    await opened.getByText('Ready.').waitFor();
    return opened;
  };

  beforeAll(async () => {
    upstream = await wireServer((request) => answer(request));
    [browser, { example: demo, url: address }] = await Promise.all([openChromium(), startDemo()]);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await endDemo(demo);
    await upstream.close();
  });
  beforeEach(async () => {
    page = await open();
  });
  afterEach(async () => {
    await page.context().close();
    expect(complaints).toEqual([]);
  });

  const status = () => page.getByRole('status');
  const stop = () => page.getByRole('button', { name: 'Stop' });
  const pick = (name = 'Why is the sky blue?') => page.getByRole('button', { name }).click();
  const send = async (text: string) => {
    await page.getByLabel('Your prompt').fill(text);
    await page.keyboard.press('Enter');
  };
  const loud = () => page.waitForFunction(() => heardOutside.level() > 0.01);
  const asked = async (count: number) => {
    await expect.poll(() => upstream.requests.length, { timeout: 10_000 }).toBe(count);
    return upstream.requests[count - 1]!;
  };
  const askOllama = async (reply: WireReply, prompt = 'Say something.') => {
    answer = () => reply;
    await page.getByLabel('Model').selectOption('ollama: tiny');
    const before = upstream.requests.length;
    await send(prompt);
    return asked(before + 1);
  };
  /** The last reply's text, as the page shows it. */
  const said = async () =>
    (await page.locator('#transcript .assistant').last().locator('p').innerText()).trim();

  it('plays: the output is not silent while it speaks, and is after Stop', async () => {
    expect(await page.evaluate(() => heardOutside.level())).toBe(0);
    await pick();
    await loud();
    expect(await status().innerText()).toBe('Speaking.');
    await stop().click();
    await page.waitForFunction(() => heardOutside.level() === 0, undefined, { timeout: 1000 });
    // And stays so, though more had come than was played.
    const loudest = await page.evaluate(async () => {
      let most = 0;
      for (const end = performance.now() + 800; performance.now() < end;) {
        most = Math.max(most, heardOutside.level());
        await new Promise(requestAnimationFrame);
      }
      return most;
    });
    expect(loudest).toBe(0);
    expect(await status().innerText()).toBe('Stopped.');
    expect(await stop().isDisabled()).toBe(true);
  });

  it('shows the reply token by token', async () => {
    await pick();
    await loud();
    const lengths = await page.evaluate(() => heardOutside.lengths);
    expect(lengths.length).toBeGreaterThan(8);
    expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
  });

  it('marks the word that is being spoken, one after the other', async () => {
    await pick();
    await page.waitForFunction(() => heardOutside.marks.length > 12);
    const marks = (await page.evaluate(() => heardOutside.marks)).map(({ text }) => text);
    const words = (await said()).split(/\s+/);
    expect(marks).toEqual(words.slice(0, marks.length));
  });

  it('stops: the request upstream ends, and the history keeps what was heard', async () => {
    const ends: number[] = [];
    for (let round = 0; round < 5; round++) {
      const request = await askOllama(speaking(long), `Round ${round}.`);
      await loud();
      await page.waitForTimeout(300 + round * 200);
      await page.keyboard.press('Escape');
      const closed = await upstream.earlyClose(request);
      expect(closed).toBeDefined();
      ends.push(performance.timeOrigin + closed! - (await page.evaluate(() => heardOutside.touchedAt)));
      await page.getByText('Stopped.').waitFor();
      expect(long.startsWith(await said())).toBe(true);
    }
    console.log(`from Esc to the end of the request: ${ends.map((ms) => ms.toFixed(0)).join(', ')} ms`);
    // The bound of the whole chain; the rest of the machine may be busy in some of the rounds.
    expect(Math.min(...ends)).toBeLessThan(100);
  });

  it('is talked over by typing: silent at once, and the next request tells the model what was heard', async () => {
    const first = await askOllama(speaking(long));
    await page.waitForFunction(() => heardOutside.marks.length > 6);
    await page.getByLabel('Your prompt').press('W');
    expect(await upstream.earlyClose(first)).toBeDefined();
    expect(await status().innerText()).toBe('You talked over it.');
    await page.waitForFunction(() => heardOutside.level() === 0, undefined, { timeout: 1000 });
    const heard = await said();
    expect(heard.split(' ').length).toBeGreaterThan(4);
    expect(long.startsWith(heard)).toBe(true);
    expect(long.length).toBeGreaterThan(heard.length + 20);

    await page.keyboard.type('hy?');
    await page.keyboard.press('Enter');
    const second = await asked(upstream.requests.indexOf(first) + 2);
    expect(second.json['messages']).toMatchObject([
      { role: 'system' },
      { role: 'user', content: 'Say something.' },
      { role: 'assistant', content: expect.stringMatching(new RegExp(`^${heard}\\s*$`)) as string },
      { role: 'user', content: 'Why?' },
    ]);
  });

  it('hears a whole reply to its end', async () => {
    await askOllama(speaking('Blue light scatters most of all.', 20, [last]));
    await page.getByText('Heard to the end.').waitFor();
    expect(await said()).toBe('Blue light scatters most of all.');
    expect(await page.locator('#transcript .cut').count()).toBe(0);
  });
});
