import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  concat,
  firstValueFrom,
  lastValueFrom,
  of,
  skipWhile,
  Subject,
  take,
  throwError,
  toArray,
  type Observable,
} from 'rxjs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { playAloud } from '../../../operators/node/playAloud.js';
import { findPlayer, PlayerError } from '../../../operators/node/player.js';
import { SpeechError } from '../../../src/errors.js';
import type { SpeechEvent } from '../../../src/speechEvent.js';
import { createValve } from '../../../src/valve.js';
import { parseWavHeader } from '../../../src/wav.js';
import { fakePlayer, isRunning } from '../../support/fakePlayer.js';
import { ends, kilohertz, samples, says, starts } from '../../support/speech.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

const until = async (holds: () => boolean) => {
  // vitest's own limit ends a wait that is in vain.
  while (!holds()) await new Promise((later) => setTimeout(later, 5));
};
const all = (played: Observable<number>) => lastValueFrom(played.pipe(toArray()), { defaultValue: [] });
const outcome = (played: Observable<number>) => all(played).catch((error: unknown) => error);

let path: string | undefined;
beforeEach(() => {
  path = process.env['PATH'];
  process.env['PATH'] = '';
});
afterEach(() => {
  process.env['PATH'] = path;
});

const speech = (milliseconds: number): Observable<SpeechEvent> =>
  of(starts(0), says(0, samples(milliseconds)), ends(0));

describe('playAloud', () => {
  it('gives the player every sample and tells the position that is heard, in time', async () => {
    const player = fakePlayer(temporaryFolder(), 'aplay', { bytesPerSecond: 2000 });
    const begin = performance.now();
    const heard = await all(speech(600).pipe(playAloud({ player: player.path })));
    expect(heard.at(-1)).toBe(600);
    expect(heard).toEqual([...heard].sort((a, b) => a - b));
    expect(heard.filter((position) => position > performance.now() - begin)).toEqual([]);
    const [run] = player.runs();
    expect(run?.input).toEqual(samples(600));
    expect(run?.args.join(' ')).toBe('-q -t raw -f S16_LE -r 1000 -c 1 -');
  });

  it('never counts as heard what the clock has not had time to play', async () => {
    const player = fakePlayer(temporaryFolder(), 'paplay');
    const begin = performance.now();
    const positions = speech(60_000).pipe(
      playAloud({ player: player.path }),
      skipWhile((position) => position < 300),
    );
    const heard = await firstValueFrom(positions, { defaultValue: -1 });
    expect(heard).toBeLessThanOrEqual(performance.now() - begin);
    // The player got a second more than that at most, of the minute that waits.
    expect((player.runs()[0]?.input.length ?? 0) / 2).toBeLessThan(performance.now() - begin + 1200);
  });

  it('stands still while the player takes nothing', async () => {
    // A tenth of real time, at a rate that fills the pipe between the processes at once.
    const folder = temporaryFolder();
    const player = fakePlayer(folder, 'aplay', { bytesPerSecond: 200_000 });
    const loud = { ...kilohertz, sampleRate: 1_000_000 };
    const data = new Uint8Array(2_000_000 * 3);
    let position = 0;
    const subscription = of(starts(0), says(0, data, loud), ends(0))
      .pipe(playAloud({ player: player.path }))
      .subscribe((heard) => (position = heard));
    await new Promise((later) => setTimeout(later, 2000));
    const taken = player.runs()[0]?.input.length ?? 0;
    subscription.unsubscribe();
    expect(position).toBeGreaterThan(0);
    // Buffers between the processes (here a megabyte at most is half a second) are all that it can be ahead.
    expect(position).toBeLessThan(taken / 2000 + 700);
    expect(position).toBeLessThan(1300);
  });

  it('kills the player at once when it is unsubscribed', async () => {
    const player = fakePlayer(temporaryFolder(), 'aplay', { bytesPerSecond: 100 });
    const source = new Subject<SpeechEvent>();
    const subscription = source.pipe(playAloud({ player: player.path })).subscribe();
    source.next(says(0, samples(5000)));
    await until(() => (player.runs()[0]?.input.length ?? 0) > 0);
    const { pid } = player.runs()[0]!;
    expect(isRunning(pid)).toBe(true);
    subscription.unsubscribe();
    const begin = performance.now();
    expect(source.observed).toBe(false);
    await until(() => !isRunning(pid));
    expect(performance.now() - begin).toBeLessThan(1000);
  });

  it('kills the player when its consumer leaves inside next, of a source that has completed', async () => {
    const player = fakePlayer(temporaryFolder(), 'aplay', { bytesPerSecond: 2000 });
    await all(
      speech(60_000).pipe(
        playAloud({ player: player.path }),
        skipWhile(() => player.runs().length === 0),
        take(1),
      ),
    );
    const { pid } = player.runs()[0]!;
    await until(() => !isRunning(pid));
  });

  it('returns to the valve what has been heard, and at the end what never will be', async () => {
    const player = fakePlayer(temporaryFolder(), 'aplay');
    const playback = createValve({ high: 1000, low: 999 });
    const open: boolean[] = [];
    playback.open$.subscribe((state) => open.push(state));
    playback.add(5000);
    let position = 0;
    const subscription = speech(5000)
      .pipe(playAloud({ player: player.path, playback }))
      .subscribe((heard) => (position = heard));
    await until(() => position > 100);
    expect(open).toEqual([true, false]);
    subscription.unsubscribe();
    expect(open).toEqual([true, false, true]);
    playback.add(999);
    expect(open).toHaveLength(3);
  });

  it('speaks a WAV to ffplay and to programs it does not know', async () => {
    const folder = temporaryFolder();
    for (const name of ['ffplay', 'my-player']) {
      const player = fakePlayer(folder, name);
      await all(speech(50).pipe(playAloud({ player: player.path })));
      const [run] = player.runs();
      expect(parseWavHeader(run!.input)).toEqual({ format: kilohertz, dataOffset: 44, dataLength: Infinity });
      expect(run?.input.subarray(44)).toEqual(samples(50));
      expect(run?.args.includes('-i')).toBe(name === 'ffplay');
    }
  });

  it('gives afplay, which reads no pipe, one file an utterance, one after the other', async () => {
    const player = fakePlayer(temporaryFolder(), 'afplay', { input: 'file' });
    const two = of(starts(0), says(0, samples(50)), ends(0), starts(1), says(1, samples(50, 50)), ends(1));
    const heard = await all(two.pipe(playAloud({ player: player.path })));
    expect(heard.at(-1)).toBe(100);
    const runs = player.runs();
    expect(runs.map(({ input }) => input.subarray(44))).toEqual([samples(50), samples(50, 50)]);
    expect(new Set(runs.map(({ args }) => args[0])).size).toBe(2);
  });

  it('takes a player of one’s own', async () => {
    const { path: command, runs } = fakePlayer(temporaryFolder(), 'beep');
    const args = ({ sampleRate }: { sampleRate: number }) => ['--hertz', String(sampleRate)];
    await all(speech(20).pipe(playAloud({ player: { command, args, input: 'raw' } })));
    expect(runs()).toMatchObject([{ args: ['--hertz', '1000'], input: samples(20), ended: true }]);
  });

  it('plays what came before a failure, then fails', async () => {
    const player = fakePlayer(temporaryFolder(), 'aplay');
    const lost = new Error('lost');
    const broken = concat(
      speech(200),
      throwError(() => lost),
    );
    const heard: number[] = [];
    const error = await new Promise((failed) =>
      broken
        .pipe(playAloud({ player: player.path }))
        .subscribe({ next: (position) => heard.push(position), error: failed }),
    );
    expect(error).toBe(lost);
    expect(heard.at(-1)).toBe(200);
    expect(player.runs()).toMatchObject([{ input: samples(200), ended: true }]);
  });

  it('plays what came before audio that it cannot play, leaves the source, then fails', async () => {
    const player = fakePlayer(temporaryFolder(), 'aplay');
    const source = new Subject<SpeechEvent>();
    const failed = outcome(source.pipe(playAloud({ player: player.path })));
    source.next(starts(0, 'Hi.'));
    source.next(says(0, samples(100)));
    source.next(says(0, samples(100), { ...kilohertz, encoding: 'opus' }));
    expect(source.observed).toBe(false);
    const error = await failed;
    expect(error).toBeInstanceOf(SpeechError);
    expect(error).toMatchObject({ utterance: 'Hi.' });
    expect(player.runs()[0]?.input).toEqual(samples(100));
  });

  it('says why a player failed, and leaves the source', async () => {
    const player = fakePlayer(temporaryFolder(), 'aplay', { failAfter: 100 });
    const source = new Subject<SpeechEvent>();
    const failed = outcome(source.pipe(playAloud({ player: player.path })));
    source.next(says(0, samples(5000)));
    const error = await failed;
    expect(error).toBeInstanceOf(PlayerError);
    expect((error as Error).message).toBe('aplay failed (exit code 3): no such device');
    expect(source.observed).toBe(false);
  });

  it('does not take an early, friendly end for the end', async () => {
    const player = fakePlayer(temporaryFolder(), 'aplay', { leaveAfter: 100 });
    const error = await outcome(speech(5000).pipe(playAloud({ player: player.path })));
    expect(error).toBeInstanceOf(PlayerError);
    expect((error as Error).message).toMatch(/stopped before the end/);
  });

  it('completes without a player when there is nothing to play', async () => {
    const player = fakePlayer(temporaryFolder(), 'aplay');
    expect(await outcome(of(starts(0), ends(0)).pipe(playAloud({ player: player.path })))).toEqual([]);
    expect(player.runs()).toEqual([]);
  });

  it('starts a player of its own for each subscription', async () => {
    const player = fakePlayer(temporaryFolder(), 'aplay');
    const played = speech(20).pipe(playAloud({ player: player.path }));
    await Promise.all([all(played), all(played)]);
    expect(player.runs()).toHaveLength(2);
  });

  it('fails on subscribe, before anything is asked of the source, when a player is missing', () => {
    const errors: PlayerError[] = [];
    const source = new Subject<SpeechEvent>();
    for (const player of [undefined, 'ffplay', '/nowhere/aplay']) {
      source
        .pipe(playAloud(player === undefined ? {} : { player }))
        .subscribe({ error: (error: unknown) => errors.push(error as PlayerError) });
    }
    expect(errors.map(({ message }) => message)).toEqual([
      'no player found: install one of ffplay, aplay, afplay, paplay, or give playAloud another (player)',
      'player not found: ffplay is not installed',
      'player not found: /nowhere/aplay is not installed',
    ]);
    expect(source.observed).toBe(false);
  });

  it('says so when a player is there but cannot be run', async () => {
    const folder = temporaryFolder();
    const player = fakePlayer(folder, 'aplay');
    writeFileSync(player.path, '#!/nowhere/node\n');
    const error = await outcome(speech(50).pipe(playAloud({ player: player.path })));
    expect(error).toBeInstanceOf(PlayerError);
    expect((error as Error).message).toMatch(/cannot start aplay/);
  });

  it.each(['', 7, { command: '' }, {}])('refuses %o as a player', (player) => {
    expect(() => playAloud({ player: player as never })).toThrow(/playAloud: player must be/);
  });
});

describe('findPlayer', () => {
  it('takes the first of the four that this machine has', () => {
    const [first, second] = [temporaryFolder(), temporaryFolder()];
    fakePlayer(first, 'paplay');
    process.env['PATH'] = `${first}:${second}`;
    expect(findPlayer().command).toBe(join(first, 'paplay'));
    fakePlayer(second, 'ffplay');
    expect(findPlayer().command).toBe(join(second, 'ffplay'));
    expect(findPlayer('paplay')).toMatchObject({ command: join(first, 'paplay'), input: 'raw' });
  });
});
