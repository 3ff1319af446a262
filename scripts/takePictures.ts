// The README's pictures of the demo: npm run pictures:demo          (needs a Chromium)
import { mkdir, stat } from 'node:fs/promises';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { openChromium } from '../spec/support/chromium.js';
import { startExample } from '../spec/support/runExample.js';

const folder = new URL('../docs/pictures/', import.meta.url);
const pictures: readonly (BrowserContextOptions & { readonly name: string })[] = [
  { name: 'demo-light', viewport: { width: 1120, height: 900 }, colorScheme: 'light' },
  { name: 'demo-dark', viewport: { width: 1120, height: 900 }, colorScheme: 'dark' },
  { name: 'demo-narrow', viewport: { width: 360, height: 740 }, colorScheme: 'light', deviceScaleFactor: 2 },
];

/** Asks twice, to have something to compare, and takes the picture while the second reply is being spoken. */
async function take(browser: Browser, url: string, { name, ...options }: (typeof pictures)[number]) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  await page.goto(url);
  await page.getByText('off', { exact: true }).click();
  const speaks = async () => {
    await page.getByRole('button', { name: 'Why is the sky blue?' }).click();
    await page.getByText('Speaking.').waitFor();
  };
  await speaks();
  await page.waitForTimeout(3500);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Defaults' }).click();
  await page.waitForTimeout(300);
  await speaks();
  await page.waitForTimeout(5500);
  // The pointer would leave its mark on what it hovers over.
  await page.mouse.move(0, 0);
  await page.evaluate(() => scrollTo(0, 0));
  const path = new URL(`${name}.png`, folder).pathname;
  await page.screenshot({ path, fullPage: name !== 'demo-narrow' });
  console.log(path, `${Math.round((await stat(path)).size / 1024)} kB`);
  await context.close();
}

await mkdir(folder, { recursive: true });
const demo = startExample('web/serve', ['--port', '0']);
const [, url = ''] = await demo.printed(/^(http:\S+)$/m);
const browser = await openChromium();
try {
  for (const picture of pictures) await take(browser, url, picture);
} finally {
  await browser.close();
  demo.process.kill('SIGINT');
}
