import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { readWav } from '../../support/readWav.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

const speakWords = async (count: number, path: string) => {
  const script = resolve(import.meta.dirname, '../../bench/memory/speakWords.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--expose-gc',
    script,
    String(count),
    path,
  ]);
  return JSON.parse(stdout) as {
    maxRSS: number;
    heapUsed: number;
    bytes: number;
    duration: number;
    utterances: number;
    complete: boolean;
  };
};

describe('a text of any length, read aloud into a WAV', () => {
  it(
    'takes no more memory for fifty thousand words than for five thousand',
    { timeout: 180_000 },
    async () => {
      const folder = temporaryFolder();
      const short = await speakWords(5000, join(folder, 'short.wav'));
      const long = await speakWords(50_000, join(folder, 'long.wav'));
      for (const [words, result] of [
        [5000, short],
        [50_000, long],
      ] as const) {
        expect(result).toMatchObject({ complete: true, duration: words * 50, bytes: 44 + words * 800 });
        expect(result.utterances).toBeGreaterThan(words / 30);
      }
      expect(readWav(join(folder, 'long.wav')).bytes).toBe(long.bytes);
      // What the pipe keeps does not grow at all; the process grows by V8's room for garbage, up to a limit of its own.
      expect(long.heapUsed - short.heapUsed).toBeLessThan(3_000_000);
      expect(long.maxRSS / short.maxRSS).toBeLessThan(1.3);
    },
  );
});
