import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chromiumMissing, openChromium } from '../support/chromium.js';
import {
  hang,
  wireServer,
  type WireReply,
  type WireRequest,
  type WireServer,
} from '../support/wireServer.js';
import { breakableWay, ollamaReply, startDemo, type RunningDemo } from './web/demoServer.js';
import { listenToPage } from './web/listenToPage.js';

declare global {
  var axe: { run(): Promise<AxeResults> };
}
const axe = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

const long =
  'The first sentence is here already. The second one comes right after it. Then the third one is spoken aloud. ' +
  'A fourth sentence follows the others. And so does the fifth one of them all. At last there is the sixth one.';

describe.skipIf(chromiumMissing !== undefined)('npm run demo, in a browser', { timeout: 60_000 }, () => {
  let browser: Browser;
  let upstream: WireServer;
  let answer: (request: WireRequest) => WireReply;
  let demo: RunningDemo;
  let page: Page;
  let complaints: string[];

  const environment = () => ({ OLLAMA_URL: upstream.url, OLLAMA_DEFAULT_MODEL: 'tiny' });
  const open = async (options: BrowserContextOptions = {}, url = demo.url) => {
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
    [browser, demo] = await Promise.all([openChromium(), startDemo(environment())]);
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    expect(await demo.end()).toBe('');
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
      const request = await askOllama(ollamaReply(long, 20, [hang]), `Round ${round}.`);
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
    const first = await askOllama(ollamaReply(long, 20, [hang]));
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

  it('keeps on the page what the history keeps, also when it was too busy to look', async () => {
    const first = await askOllama(ollamaReply(long, 20, [hang]));
    await page.waitForFunction(() => heardOutside.marks.length > 2);
    await stop().evaluate((button: HTMLButtonElement) => {
      // The sound goes on meanwhile.
      const until = performance.now() + 700;
      while (performance.now() < until);
      button.click();
    });
    const heard = await said();
    await send('Why?');
    const second = await asked(upstream.requests.indexOf(first) + 2);
    const messages = second.json['messages'] as { content: string }[];
    expect(messages[2]?.content.trim()).toBe(heard);
  });

  it('hears a whole reply to its end', async () => {
    await askOllama(ollamaReply('Blue light scatters most of all.', 20));
    await page.getByText('Heard to the end.').waitFor();
    expect(await said()).toBe('Blue light scatters most of all.');
    expect(await page.locator('#transcript .cut').count()).toBe(0);
  });

  it('is talked over by picking another prompt', async () => {
    const first = await askOllama(ollamaReply(long, 20, [hang]));
    await page.waitForFunction(() => heardOutside.marks.length > 2);
    await pick('How do I make good tea?');
    await asked(upstream.requests.indexOf(first) + 2);
    expect(await upstream.earlyClose(first)).toBeDefined();
    await page.getByText('cut off here').waitFor();
  });

  it('leaves no request behind when the page is left', async () => {
    const request = await askOllama(ollamaReply(long, 20, [hang]));
    await loud();
    const left = performance.now();
    await page.goto('about:blank');
    const closed = await upstream.earlyClose(request);
    // At once, not after the seconds that a lost connection gets.
    expect(closed! - left).toBeLessThan(3000);
  });

  it('goes on after a lost connection, without repeating a word', async () => {
    const way = await breakableWay(Number(new URL(demo.url).port));
    await page.context().close();
    page = await open({}, way.url);
    const text = 'Blue light scatters most of all. That is why the sky is blue, as far as we know today.';
    await askOllama(ollamaReply(text, 60));
    await page.waitForFunction(() => heardOutside.marks.length > 1);
    way.cut();
    await page.waitForFunction(() => heardOutside.marks.length > 6);
    way.cut();
    await page.getByText('Heard to the end.').waitFor();
    expect(await said()).toBe(text);
    const marks = (await page.evaluate(() => heardOutside.marks)).map((mark) => mark.text);
    expect(marks).toEqual(text.split(' '));
    // The browser itself tells its console of each lost connection.
    expect(complaints.length).toBeGreaterThan(0);
    complaints = complaints.filter((complaint) => !complaint.includes('net::ERR_'));
    await page.context().close();
    way.close();
  });

  it('says that a reply has ended when its server has, and works on the next prompt', async () => {
    const first = await startDemo(environment());
    await page.context().close();
    page = await open({}, first.url);
    await askOllama(ollamaReply(long, 20, [hang]));
    await page.waitForFunction(() => heardOutside.marks.length > 3);
    first.example.process.kill('SIGKILL');
    await page.getByText('The connection is lost; trying again…').waitFor();
    const second = await startDemo(environment(), new URL(first.url).port);
    await page.getByText('The connection is lost, and the rest of this reply with it.').waitFor();
    await page.waitForFunction(() => heardOutside.level() === 0, undefined, { timeout: 1000 });
    expect(long.startsWith(await said())).toBe(true);
    expect(await page.getByText('cut off here').count()).toBe(1);
    expect(await stop().isDisabled()).toBe(true);

    await askOllama(ollamaReply('Here again.', 20));
    await page.getByText('Heard to the end.').waitFor();
    expect(await said()).toBe('Here again.');
    complaints = complaints.filter((complaint) => !/net::ERR_|404/.test(complaint));
    await page.context().close();
    expect(await second.end()).toBe('');
  });

  it('shows what the model has failed with', async () => {
    answer = () => ({ status: 500, body: ['{"error":"<b>out</b> of memory"}'] });
    await page.getByLabel('Model').selectOption('ollama: tiny');
    const before = upstream.requests.length;
    await send('Say something.');
    // The stream, then the regular API, and no more.
    await asked(before + 2);
    await expect.poll(() => status().innerText()).toContain('<b>out</b> of memory');
    expect(await page.locator('#status b').count()).toBe(0);
    await expect.poll(() => stop().isDisabled()).toBe(true);
  });

  it('shows text as text, whatever is in it', async () => {
    const nasty = 'Look: <img src=x onerror="alert(1)"> and <script>alert(2)</script> are words.';
    await askOllama(ollamaReply(nasty, 5, [hang]), nasty);
    await page.waitForFunction(() => heardOutside.marks.length > 2);
    expect(await said()).toBe(nasty);
    await page.keyboard.press('Escape');
    await page.getByText('cut off here').waitFor();
    expect(await page.locator('#transcript .user').innerText()).toContain(nasty);
    expect(await page.locator('main img, main script').count()).toBe(0);
  });

  describe('controls reach the pipeline', () => {
    /** What the first utterance is made of, by the page's own table. */
    const firstUtterance = async () => {
      await loud();
      await page.keyboard.press('Escape');
      await page.getByText('The same as a table').click();
      return page.locator('#utterances td').nth(1).innerText();
    };
    const set = async (label: string, ...keys: string[]) => {
      await page.getByLabel(label, { exact: true }).focus();
      for (const key of keys) await page.keyboard.press(key);
    };
    const sentences = long.split(/(?<=\.) /);

    it('as they are: the first sentence at once', async () => {
      await askOllama(ollamaReply(long, 5, [hang]));
      expect(await firstUtterance()).toBe(sentences[0]);
    });

    it('sentenceBufferSize and fastStart', async () => {
      await set('Sentences at once', 'ArrowRight');
      await page.getByText('off', { exact: true }).click();
      await askOllama(ollamaReply(long, 5, [hang]));
      expect(await firstUtterance()).toBe(sentences.slice(0, 3).join(' '));
    });

    it('minChunkLength', async () => {
      await set('Shortest utterance', 'End');
      await askOllama(ollamaReply(long, 5, [hang]));
      expect((await firstUtterance()).length).toBeGreaterThanOrEqual(200);
    });

    it('maxBufferTime', async () => {
      await set('Longest wait', 'Home');
      await askOllama(ollamaReply(long, 150, [hang]));
      expect(sentences[0]).not.toBe(await firstUtterance());
      expect(sentences[0]!.startsWith(await page.locator('#utterances td').nth(1).innerText())).toBe(true);
    });

    it('all of them, and back to the defaults', async () => {
      const sent = async () => {
        const [request] = await Promise.all([
          page.waitForRequest((made) => made.url().endsWith('/turns')),
          pick(),
        ]);
        return (request.postDataJSON() as { settings: object }).settings;
      };
      await set('Sentences at once', 'End');
      await set('Shortest utterance', 'Home');
      await set('Longest wait', 'End');
      await set('Utterances in synthesis', 'End');
      await page.getByText('clause', { exact: true }).click();
      expect(await sent()).toEqual({
        sentenceBufferSize: 6,
        minChunkLength: 0,
        maxBufferTime: 6000,
        concurrency: 4,
        fastStart: 'clause',
      });
      await page.getByRole('button', { name: 'Defaults' }).click();
      expect(await sent()).toEqual({
        sentenceBufferSize: 2,
        minChunkLength: 20,
        maxBufferTime: 3000,
        concurrency: 2,
        fastStart: true,
      });
    });
  });

  it('draws tokens, sentences, synthesis and playback, and tells them in words', async () => {
    await askOllama(ollamaReply(long, 20, [hang]));
    await page.waitForFunction(() => heardOutside.marks.length > 10);
    const lanes = await page.evaluate(() =>
      ['path.tokens', 'rect.sentence', 'rect.synthesis', 'rect.playback', 'line.now'].map((kind) => ({
        kind,
        count: document.querySelectorAll(`#timeline ${kind}`).length,
      })),
    );
    expect(lanes.filter(({ count }) => count === 0)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect
      .poll(() => page.getByRole('img', { name: /^Timeline of/ }).getAttribute('aria-label'))
      .toMatch(/First sound after \d+ ms: \d+ ms until the first token/);
    // What the parts say is what the whole says.
    const figures = (await page.locator('#told').innerText()).match(/\d+(?= ms)/g)!.map(Number);
    const [total = 0, ...parts] = figures;
    expect(Math.abs(parts.reduce((sum, part) => sum + part, 0) - total)).toBeLessThanOrEqual(3);
    const way = await page.locator('#timeline circle.first').boundingBox();
    const playback = await page.locator('#timeline rect.playback').first().boundingBox();
    expect(Math.abs(way!.x + way!.width / 2 - playback!.x)).toBeLessThan(3);
  });

  it('is worked with the keyboard alone', async () => {
    const focused = () =>
      page.evaluate(() => {
        const active = document.activeElement ?? document.body;
        if (active instanceof HTMLInputElement && active.type === 'radio') return active.name;
        return active.id === '' ? active.textContent.trim() : active.id;
      });
    const order: unknown[] = [];
    for (let index = 0; index < 17; index++) {
      await page.keyboard.press('Tab');
      order.push(await focused());
      // Where the focus is can be seen.
      const outline = await page.evaluate(() => {
        const active = document.activeElement!;
        const shown =
          active instanceof HTMLInputElement && active.type === 'radio' ? active.nextElementSibling! : active;
        return getComputedStyle(shown).outlineStyle;
      });
      expect({ at: order.at(-1), outline }).not.toMatchObject({ outline: 'none' });
    }
    expect(order).toEqual([
      'Skip to the prompt',
      'model',
      'voice',
      'Why is the sky blue?',
      'Tell me a story about a lighthouse.',
      'How do I make good tea?',
      'What did you say last?',
      'prompt',
      'Send',
      'sentenceBufferSize',
      'minChunkLength',
      'maxBufferTime',
      'concurrency',
      'fastStart',
      'Defaults',
      'view',
      'The same as a table',
    ]);
    await page.reload();
    await page.getByText('Ready.').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await focused()).toBe('prompt');
    await page.keyboard.type('Why?');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('Really?');
    await page.keyboard.press('Enter');
    await loud();
    expect(await page.locator('#transcript .user').innerText()).toMatch(/Why\?\nReally\?/);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('stop');
    await page.keyboard.press('Enter');
    await page.getByText('Stopped.').waitFor();
    // The button that had the focus is disabled now: the focus is not lost with it.
    expect(await focused()).toBe('prompt');
  });

  describe('for everybody', () => {
    /** What axe finds wrong with the page as it stands. */
    const wrong = async () => {
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run());
      return violations.map(({ id, nodes }) => ({ id, at: nodes.map(({ html }) => html) }));
    };
    const wide = { width: 1280, height: 900 };
    const narrow = { width: 360, height: 740 };

    it.each([
      ['light', wide],
      ['dark', wide],
      ['light', narrow],
      ['dark', narrow],
    ] as const)(
      '%s, %j: names, roles and contrast are right, before, while and after it speaks',
      async (colorScheme, viewport) => {
        await page.context().close();
        page = await open({ colorScheme, viewport, bypassCSP: true });
        const sideways = () =>
          page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(await wrong()).toEqual([]);
        expect(await sideways()).toBe(0);

        await pick();
        await page.waitForFunction(() => heardOutside.marks.length > 5);
        expect(await wrong()).toEqual([]);
        expect(await sideways()).toBe(0);
        // The word that is spoken is in view.
        const [list, word] = await Promise.all(
          ['#transcript', 'mark'].map((selector) => page.locator(selector).boundingBox()),
        );
        expect(word!.y).toBeGreaterThanOrEqual(list!.y);
        expect(word!.y + word!.height).toBeLessThanOrEqual(list!.y + list!.height + 1);

        await page.keyboard.press('Escape');
        await page.getByText('The same as a table').click();
        await send('a'.repeat(300));
        await loud();
        expect(await wrong()).toEqual([]);
        expect(await sideways()).toBe(0);
        const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        const brightness = Number(/\d+/.exec(ground)?.[0]);
        if (colorScheme === 'dark') expect(brightness).toBeLessThan(60);
        else expect(brightness).toBeGreaterThan(200);
      },
    );

    it('axe would notice', async () => {
      await page.context().close();
      page = await open({ bypassCSP: true });
      await page.evaluate(() => document.querySelector('label[for="prompt"]')?.remove());
      expect((await wrong()).map(({ id }) => id)).toContain('label-title-only');
    });

    it('says what everything is', async () => {
      const tree = await page.locator('body').ariaSnapshot();
      for (const named of [
        'heading "rx-aloud" [level=1]',
        'combobox "Model"',
        'combobox "Voice"',
        'region "Conversation"',
        'textbox "Your prompt"',
        'button "Send"',
        'button "Stop" [disabled]',
        'group "Prompts to pick"',
        'slider "Sentences at once"',
        'slider "Shortest utterance"',
        'slider "Longest wait"',
        'slider "Utterances in synthesis"',
        'group "Fast start"',
        'radio "sentence" [checked]',
        'region "Where the first sound comes from"',
        'img "Timeline: nothing yet"',
        'status: Ready.',
      ])
        expect(tree).toContain(named);
      // Said aloud already: not to be read out once more, token by token.
      expect(await page.locator('[aria-live]').count()).toBe(0);
      expect(await page.getByLabel('Longest wait').getAttribute('aria-valuetext')).toBe('3000 ms');
    });

    it('keeps still for those who want it so', async () => {
      await page.context().close();
      page = await open({ reducedMotion: 'reduce' });
      const drawn = () =>
        page.evaluate(async () => {
          let count = 0;
          const watching = new MutationObserver(() => count++);
          watching.observe(document.querySelector('#timeline')!, { childList: true });
          await new Promise((resolve) => setTimeout(resolve, 2000));
          watching.disconnect();
          return count;
        });
      expect(await drawn()).toBe(0);
      await pick();
      await loud();
      expect(await drawn()).toBeLessThanOrEqual(5);
    });
  });
});
