import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type * as Operators from '../../../operators/index.js';
import type * as WebSpeech from '../../../providers/web-speech/index.js';
import { chromiumMissing, openChromium } from '../../support/chromium.js';
import {
  openSpeechDispatcher,
  speechDispatcherMissing,
  type SpeechDispatcher,
} from '../../support/speechDispatcher.js';

declare global {
  var aloud: Pick<typeof Operators, 'toSpeech'> &
    Pick<typeof WebSpeech, 'webSpeech'> & {
      readonly from: (texts: readonly string[]) => ReturnType<ReturnType<typeof WebSpeech.webSpeech>>;
    };
}

/** The package as a page would have it. */
async function script(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      contents: `
        import { from } from 'rxjs';
        import { toSpeech } from './operators/browser.js';
        import { webSpeech } from './providers/web-speech/index.js';
        globalThis.aloud = { from, toSpeech, webSpeech };
      `,
      resolveDir: new URL('../../../dist', import.meta.url).pathname,
    },
    bundle: true,
    format: 'iife',
    platform: 'browser',
    write: false,
  });
  return outputFiles[0]!.text;
}

/** What a page hears of texts spoken by `webSpeech`: each event's type and index, or how it ended. */
const spoken = (page: Page, texts: readonly string[], voice?: string) =>
  page.evaluate(
    ({ texts: said, voice: name }) =>
      new Promise<string[]>((resolve) => {
        const told: string[] = [];
        const config = { startTimeout: 30_000, ...(name === undefined ? {} : { voice: name }) };
        aloud
          .from(said)
          // The page has the operators' own types; only what it is given is of interest here.
          .pipe(aloud.toSpeech(aloud.webSpeech(config), { onError: 'skip' }) as never)
          .subscribe({
            next: (event) => {
              const { type, index, error } = event as { type: string; index: number; error?: Error };
              if (type !== 'word')
                told.push(`${type} ${index}${error ? ` ${error.name}: ${error.message}` : ''}`);
            },
            error: (error: unknown) => resolve([...told, String(error)]),
            complete: () => resolve([...told, 'complete']),
          });
      }),
    { texts, voice },
  );
const whole = (...indices: readonly number[]) =>
  indices.flatMap((index) => [`utterance-start ${index}`, `utterance-end ${index}`]);

describe.skipIf(chromiumMissing !== undefined)('webSpeech in Chromium', { timeout: 60_000 }, () => {
  let bundle: string;
  beforeAll(async () => {
    bundle = await script();
  });
  const pageOf = async (browser: Browser) => {
    const page = await browser.newPage();
    await page.addScriptTag({ content: bundle });
    return page;
  };

  describe('without a voice on the machine', () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await openChromium();
    }, 60_000);
    afterAll(() => browser.close());

    it('says for each utterance that the browser could not, and goes on', async () => {
      const page = await pageOf(browser);
      const voices = await page.evaluate(() => speechSynthesis.getVoices().length);
      const told = await spoken(page, ['One. ', 'Two. ']);
      // A browser with voices of its own speaks.
      const failed = (index: number) => [
        `utterance-start ${index}`,
        `utterance-error ${index} SpeechError: web-speech: synthesis-failed`,
      ];
      expect(told).toEqual(
        voices > 0 ? [...whole(0, 1), 'complete'] : [...failed(0), ...failed(1), 'complete'],
      );
      expect(await page.evaluate(() => speechSynthesis.speaking || speechSynthesis.pending)).toBe(false);
    });

    it('names the voice that the browser does not have', async () => {
      expect(await spoken(await pageOf(browser), ['One. '], 'Nobody')).toEqual([
        'utterance-start 0',
        'utterance-error 0 SpeechError: web-speech: the browser has no voice "Nobody"',
        'complete',
      ]);
    });
  });

  if (speechDispatcherMissing !== undefined) console.log(`not tested here: ${speechDispatcherMissing}`);
  describe.skipIf(speechDispatcherMissing !== undefined)('with a real voice', () => {
    let dispatcher: SpeechDispatcher;
    let browser: Browser;
    beforeAll(async () => {
      dispatcher = await openSpeechDispatcher();
      vi.stubEnv('SPEECHD_ADDRESS', dispatcher.address);
      browser = await openChromium(['--enable-speech-dispatcher']);
    }, 60_000);
    afterAll(async () => {
      vi.unstubAllEnvs();
      await browser.close();
      await dispatcher.close();
    });

    it('speaks one utterance after the other', async () => {
      const page = await pageOf(browser);
      expect(await spoken(page, ['Hello there. ', 'How are you today? ', 'Well. '])).toEqual([
        ...whole(0, 1, 2),
        'complete',
      ]);
    });

    it('leaves the queue empty when it is unsubscribed, and speaks the next', async () => {
      const page = await pageOf(browser);
      const left = await page.evaluate(async () => {
        const speech = aloud.webSpeech({ startTimeout: 30_000 })(
          'A long sentence that nobody waits for. '.repeat(50),
        );
        const subscription = speech.subscribe({ error: () => undefined });
        const busy = () => speechSynthesis.speaking || speechSynthesis.pending;
        while (!busy()) await new Promise((resolve) => setTimeout(resolve, 1));
        subscription.unsubscribe();
        const since = performance.now();
        while (busy()) await new Promise((resolve) => setTimeout(resolve, 1));
        return performance.now() - since;
      });
      expect(left).toBeLessThan(1000);
      expect(await spoken(page, ['And this one. '])).toEqual([...whole(0), 'complete']);
    });
  });
});
