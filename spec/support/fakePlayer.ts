import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a fake player has done. */
export interface PlayerLog {
  readonly pid: number;
  readonly args: readonly string[];
  /** Everything that came in on its standard input, or the file it was given. */
  readonly input: Uint8Array;
  readonly ended: boolean;
}

/**
 * A program that behaves like a player, since a machine that runs specs has no loudspeaker: a process of its own that
 * reads its standard input (or, with `input: 'file'`, its last argument) and writes down what it got.
 *
 * @param behaviour bytes it reads a second (as fast as they come by default); a number of bytes after which it fails,
 *   saying something; whether it refuses to end.
 */
export function fakePlayer(
  folder: string,
  name: string,
  behaviour: {
    readonly bytesPerSecond?: number;
    readonly failAfter?: number;
    readonly leaveAfter?: number;
    readonly input?: 'file';
  } = {},
) {
  const path = join(folder, name);
  const log = `${path}.log`;
  writeFileSync(
    path,
    `#!${process.execPath}
const { appendFileSync, readFileSync } = require('node:fs');
const behaviour = ${JSON.stringify(behaviour)};
const log = (entry) => appendFileSync(${JSON.stringify(log)}, JSON.stringify({ pid: process.pid, ...entry }) + '\\n');
log({ args: process.argv.slice(2) });
let read = 0;
const take = (bytes) => {
  log({ bytes: Buffer.from(bytes).toString('base64') });
  read += bytes.length;
  if (read >= (behaviour.failAfter ?? Infinity)) { console.error('first line\\nno such device'); process.exit(3); }
  if (read >= (behaviour.leaveAfter ?? Infinity)) process.exit(0);
};
if (behaviour.input === 'file') {
  take(readFileSync(process.argv.at(-1)));
  log({ ended: true });
} else {
  process.stdin.on('end', () => log({ ended: true }));
  if (behaviour.bytesPerSecond === undefined) process.stdin.on('data', take);
  else process.stdin.on('readable', () => undefined);
  if (behaviour.bytesPerSecond !== undefined) setInterval(() => {
    const bytes = process.stdin.read(Math.min(behaviour.bytesPerSecond / 20, process.stdin.readableLength || 1));
    if (bytes) take(bytes);
    if (process.stdin.readableEnded) process.exit(0);
  }, 50);
}
`,
    { mode: 0o755 },
  );
  const runs = (): PlayerLog[] => {
    if (!existsSync(log)) return [];
    type Entry = { pid: number; args?: string[]; bytes?: string; ended?: boolean };
    const entries = readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line) as Entry);
    return [...new Set(entries.map(({ pid }) => pid))].map((pid) => {
      const its = entries.filter((entry) => entry.pid === pid);
      return {
        pid,
        args: its[0]?.args ?? [],
        input: new Uint8Array(Buffer.concat(its.map(({ bytes = '' }) => Buffer.from(bytes, 'base64')))),
        ended: its.some(({ ended }) => ended),
      };
    });
  };
  return { path, runs };
}

/** Whether a process is there. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
