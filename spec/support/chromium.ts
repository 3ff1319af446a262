import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const named = process.env['CHROMIUM'];
const executable = [
  ...(named === undefined ? [] : [named]),
  ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
  ...elsewhere,
].find(isExecutable);

/** Why there is no Chromium to test with; undefined where there is one. `CHROMIUM` may name its executable. */
export const chromiumMissing =
  executable === undefined
    ? `no Chromium on this machine (apt-get install chromium, or CHROMIUM=/path/to/it); looked for ${names.join(', ')}`
    : undefined;

if (chromiumMissing !== undefined) {
  const required = (process.env['RX_ALOUD_REQUIRE'] ?? '').split(',');
  if (required.includes('chromium')) throw new Error(`RX_ALOUD_REQUIRE: ${chromiumMissing}`);
  console.log(`not tested here: ${chromiumMissing}`);
}

/** Starts a headless Chromium that calls nobody by itself. `args` are further switches of its command line. */
export function openChromium(args: readonly string[] = []): Promise<Browser> {
  if (executable === undefined) throw new Error(chromiumMissing);
  return chromium.launch({
    executablePath: executable,
    headless: true,
    args: [
      // The sandbox refuses to run as root, as in a container.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...args,
    ],
  });
}
