import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { jsonLinesStore } from '../../../providers/json-lines/index.js';
import type { ConversationChange } from '../../../src/index.js';
import { collect, collectFailure } from '../../support/collect.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';
import { storeConformance } from '../storeConformance.js';

storeConformance('jsonLinesStore', () =>
  jsonLinesStore({ dir: join(temporaryFolder(), 'made', 'when needed') }),
);

const said = (content: string): ConversationChange => ({
  type: 'add',
  message: { role: 'user', content, timestamp: 1 },
});
const contents = async (dir: string, id = 'ann') => {
  const [stored] = await collect(jsonLinesStore({ dir }).load(id));
  return stored!.changes.map((change) => change.message?.content);
};
const append = (dir: string, content: string, expectedVersion: number) =>
  collect(jsonLinesStore({ dir }).append('ann', [said(content)], { expectedVersion }));

/** A process takes long to start on a busy machine: `RX_ALOUD_KILLS=200` for the full number. */
const kills = 4 * Math.ceil(Number(process.env['RX_ALOUD_KILLS'] ?? 40) / 4);

describe('jsonLinesStore', () => {
  it('writes lines of JSON that other programs can read', async () => {
    const dir = temporaryFolder();
    await append(dir, 'Hi', 0);
    await append(dir, 'Ho', 1);
    const [name] = readdirSync(dir);
    expect(name).toBe('ann.jsonl');
    const lines = readFileSync(join(dir, 'ann.jsonl'), 'utf8').split('\n').filter(Boolean);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { version: 1, changes: [said('Hi')] },
      { version: 2, changes: [said('Ho')] },
    ]);
  });

  it('loses at most the last write, at whichever byte it was cut, and goes on', async () => {
    const dir = temporaryFolder();
    await append(dir, 'one', 0);
    const safe = readFileSync(join(dir, 'ann.jsonl')).length;
    await append(dir, 'two 天空', 1);
    const path = join(dir, 'ann.jsonl');
    const whole = readFileSync(path);
    for (let length = safe; length <= whole.length; length++) {
      writeFileSync(path, whole);
      truncateSync(path, length);
      const left = await contents(dir);
      expect(left, `cut at ${length}`).toEqual(length >= whole.length - 1 ? ['one', 'two 天空'] : ['one']);
      await append(dir, 'three', left.length);
      expect(await contents(dir), `cut at ${length}`).toEqual([...left, 'three']);
    }
  });

  it('goes on after zeros that a power cut has left', async () => {
    const dir = temporaryFolder();
    await append(dir, 'one', 0);
    appendFileSync(join(dir, 'ann.jsonl'), Buffer.alloc(4096));
    expect(await contents(dir)).toEqual(['one']);
    await append(dir, 'two', 1);
    expect(await contents(dir)).toEqual(['one', 'two']);
  });

  it('tells damage in the middle, which no crash does', async () => {
    const dir = temporaryFolder();
    for (const [version, content] of ['one', 'two', 'three'].entries()) await append(dir, content, version);
    const path = join(dir, 'ann.jsonl');
    writeFileSync(path, readFileSync(path, 'utf8').replace('two', 'tw"o'));
    const { error } = await collectFailure(jsonLinesStore({ dir }).load('ann'));
    expect(error).toMatchObject({ name: 'CorruptConversationError', path });
    expect(String(error)).toContain('version 2 is missing');
  });

  it('sees what another store has written, and that a file was replaced', async () => {
    const dir = temporaryFolder();
    const [mine, other] = [jsonLinesStore({ dir }), jsonLinesStore({ dir })];
    await collect(mine.append('ann', [said('1')], { expectedVersion: 0 }));
    copyFileSync(join(dir, 'ann.jsonl'), join(dir, 'copy'));
    await collect(other.append('ann', [said('2')], { expectedVersion: 1 }));
    await collect(mine.append('ann', [said('3')], { expectedVersion: 2 }));
    expect(await contents(dir)).toEqual(['1', '2', '3']);
    copyFileSync(join(dir, 'copy'), join(dir, 'ann.jsonl'));
    await collect(mine.append('ann', [said('4')], { expectedVersion: 1 }));
    expect(await contents(dir)).toEqual(['1', '4']);
  });

  it('fails with the file system’s error where it cannot write', async () => {
    const dir = temporaryFolder();
    writeFileSync(join(dir, 'file'), '');
    const store = jsonLinesStore({ dir: join(dir, 'file') });
    expect((await collectFailure(store.append('ann', [], { expectedVersion: 0 }))).error).toMatchObject({
      code: 'EEXIST',
    });
  });

  it.each([[''], [5]])('refuses %j as a folder', (dir) => {
    expect(() => jsonLinesStore({ dir: dir as string })).toThrow(/dir must be/);
  });

  it.each([[''], ['x'.repeat(201)], ['天'.repeat(30)], ['half \ud83d'], [5 as never]])(
    'refuses %j as an id',
    (id) => {
      expect(() => jsonLinesStore({ dir: 'never' }).load(id)).toThrow(TypeError);
    },
  );

  /** The process of `appendForever.ts` in one file, which starts in a tenth of the time. */
  let script = '';
  beforeAll(async () => {
    script = join(mkdtempSync(join(tmpdir(), 'rx-aloud-')), 'appendForever.mjs');
    await build({
      entryPoints: [fileURLToPath(new URL('../../support/appendForever.ts', import.meta.url))],
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'esm',
    });
    return () => rmSync(dirname(script), { recursive: true });
  });
  const appendForever = (...rest: string[]) => {
    const child = spawn(process.execPath, [script, ...rest], { stdio: ['ignore', 'pipe', 'inherit'] });
    const safe: number[] = [];
    let unfinished = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      const lines = (unfinished + text).split('\n');
      unfinished = lines.pop() ?? '';
      safe.push(...lines.map(Number));
    });
    return { child, safe, begins: once(child.stdout, 'data') };
  };

  it(`loads after each of ${kills} kills in the middle of an append, every acknowledged message there`, async () => {
    const dir = temporaryFolder();
    let killed = 0;
    let torn = 0;
    const killAgainAndAgain = async (id: string) => {
      let version = 0;
      for (let turn = 0; turn < kills / 4; turn++) {
        const { child, safe, begins } = appendForever(dir, id, '2000', String(version));
        await begins;
        await after(Math.random() * 8);
        child.kill('SIGKILL');
        await once(child, 'close');
        killed++;
        const acknowledged = safe.at(-1)!;
        const all = await contents(dir, id);
        // One more may be safe of which the process could not tell any more.
        expect([acknowledged, acknowledged + 1]).toContain(all.length);
        expect(all.map((content) => Number.parseInt(content!))).toEqual(all.map((_, index) => index + 1));
        if (!readFileSync(join(dir, `${id}.jsonl`), 'utf8').endsWith('\n')) torn++;
        version = all.length;
      }
    };
    await Promise.all(['a', 'b'].map((name) => killAgainAndAgain(name)));
    await Promise.all(['c', 'd'].map((name) => killAgainAndAgain(name)));
    console.log(`${killed} kills, ${torn} of them inside a line`);
    expect(killed).toBe(kills);
  }, 300_000);

  it('never interleaves two processes: each version is acknowledged once', async () => {
    const dir = temporaryFolder();
    const writers = [appendForever(dir, 'ann', '300'), appendForever(dir, 'ann', '300')];
    await Promise.all(writers.map(({ begins }) => begins));
    await after(300);
    for (const { child } of writers) child.kill('SIGKILL');
    await Promise.all(writers.map(({ child }) => once(child, 'close')));
    const acknowledged = writers.flatMap(({ safe }) => safe).sort((a, b) => a - b);
    expect(new Set(acknowledged).size).toBe(acknowledged.length);
    expect(Math.min(...writers.map(({ safe }) => safe.length))).toBeGreaterThan(0);
    const all = await contents(dir);
    expect(all.length).toBeGreaterThanOrEqual(acknowledged.at(-1)!);
    expect(all.map((content) => Number.parseInt(content!))).toEqual(all.map((_, index) => index + 1));
  }, 60_000);
});
