import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { concat, of, Subject, take, throwError } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { FileError } from '../../../operators/node/fileError.js';
import { saveUtterances, type SavedUtterance } from '../../../operators/node/saveUtterances.js';
import type { SpeechEvent } from '../../../src/speechEvent.js';
import { readWav } from '../../support/readWav.js';
import { ends, kilohertz, samples, says, starts } from '../../support/speech.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

const collect = () => {
  const saved: SavedUtterance[] = [];
  const errors: unknown[] = [];
  return {
    saved,
    errors,
    next: (file: SavedUtterance) => void saved.push(file),
    error: (error: unknown) => void errors.push(error),
  };
};

describe('saveUtterances', () => {
  it('writes each utterance into its own numbered file and emits it', () => {
    const dir = join(temporaryFolder(), 'made', 'on demand');
    const observer = collect();
    of(
      starts(0, '../../etc/passwd '),
      says(0, samples(3)),
      says(0, samples(2, 3)),
      ends(0, '../../etc/passwd '),
      starts(1),
      says(1, samples(4)),
      ends(1),
    )
      .pipe(saveUtterances({ dir }))
      .subscribe(observer);
    expect(observer.saved).toEqual([
      { index: 0, text: '../../etc/passwd ', path: join(dir, 'utterance-001.wav'), bytes: 54, duration: 5 },
      { index: 1, text: 'Utterance 1.', path: join(dir, 'utterance-002.wav'), bytes: 52, duration: 4 },
    ]);
    expect(readdirSync(dir).sort()).toEqual(['utterance-001.wav', 'utterance-002.wav']);
    expect(readWav(join(dir, 'utterance-001.wav'))).toMatchObject({ format: kilohertz, data: samples(5) });
  });

  it('lets a file appear only when it is whole', () => {
    const dir = temporaryFolder();
    const speech = new Subject<SpeechEvent>();
    const there = () => readdirSync(dir).filter((name) => name.endsWith('.wav'));
    speech.pipe(saveUtterances({ dir })).subscribe((file) => expect(there()).toHaveLength(file.index + 1));
    for (const index of [0, 1]) {
      speech.next(starts(index));
      speech.next(says(index, samples(5)));
      expect(there()).toHaveLength(index);
      speech.next(ends(index));
      expect(there()).toHaveLength(index + 1);
    }
  });

  it('keeps nothing of an utterance that is cut by an unsubscribe, an error or an utterance-error', () => {
    const dir = temporaryFolder();
    const cut = [starts(0), says(0, samples(5)), ends(0), starts(1), says(1, samples(5))];
    const subscription = concat(of(...cut), new Subject<SpeechEvent>())
      .pipe(saveUtterances({ dir }))
      .subscribe();
    expect(readdirSync(dir)).toHaveLength(2);
    subscription.unsubscribe();
    expect(readdirSync(dir)).toEqual(['utterance-001.wav']);

    const observer = collect();
    const lost = new Error('lost');
    concat(
      of(...cut),
      throwError(() => lost),
    )
      .pipe(saveUtterances({ dir }))
      .subscribe(observer);
    expect(observer.errors).toEqual([lost]);
    expect(readdirSync(dir)).toEqual(['utterance-001.wav']);

    const skipped: SpeechEvent = { type: 'utterance-error', index: 1, text: '', error: 'lost' };
    of(...cut, skipped, starts(2), says(2, samples(1)), ends(2))
      .pipe(saveUtterances({ dir }))
      .subscribe(observer);
    expect(observer.saved.map(({ index }) => index)).toEqual([0, 0, 2]);
    expect(readdirSync(dir).sort()).toEqual(['utterance-001.wav', 'utterance-003.wav']);
  });

  it('has the finished utterances when its consumer leaves inside next', () => {
    const dir = temporaryFolder();
    of(starts(0), says(0, samples(5)), ends(0), starts(1), says(1, samples(5)), ends(1))
      .pipe(saveUtterances({ dir }), take(1))
      .subscribe();
    expect(readdirSync(dir)).toEqual(['utterance-001.wav']);
  });

  it('makes no file for an utterance without audio', () => {
    const dir = temporaryFolder();
    const observer = collect();
    of(starts(0), ends(0), starts(1), says(1, new Uint8Array()), ends(1))
      .pipe(saveUtterances({ dir }))
      .subscribe(observer);
    expect(observer).toMatchObject({ saved: [], errors: [] });
    expect(readdirSync(dir)).toEqual([]);
  });

  it('gives all files the format of the first', () => {
    const dir = temporaryFolder();
    const stereo = { ...kilohertz, channels: 2 };
    of(starts(0), says(0, samples(4)), ends(0), starts(1), says(1, samples(4), stereo), ends(1))
      .pipe(saveUtterances({ dir }))
      .subscribe();
    expect(readWav(join(dir, 'utterance-001.wav')).format).toEqual(kilohertz);
    expect(readWav(join(dir, 'utterance-002.wav'))).toMatchObject({ format: kilohertz, bytes: 44 + 4 });
  });

  it('replaces a link instead of following it out of the folder', () => {
    const dir = temporaryFolder();
    const outside = join(temporaryFolder(), 'precious');
    writeFileSync(outside, 'mine');
    symlinkSync(outside, join(dir, 'utterance-001.wav'));
    of(starts(0), says(0, samples(4)), ends(0))
      .pipe(saveUtterances({ dir }))
      .subscribe();
    expect(readFileSync(outside, 'utf8')).toBe('mine');
    expect(readWav(join(dir, 'utterance-001.wav')).data).toEqual(samples(4));
  });

  it.each([-1, 0.5, '../../escape', NaN])('writes nothing for an index of %o', (index) => {
    const dir = temporaryFolder();
    const observer = collect();
    of(starts(index as number), says(index as number, samples(4)), ends(index as number))
      .pipe(saveUtterances({ dir }))
      .subscribe(observer);
    expect(observer.errors).toHaveLength(1);
    expect(observer.errors[0]).toBeInstanceOf(TypeError);
    expect(readdirSync(dir)).toEqual([]);
  });

  it('numbers on past a thousand', () => {
    const dir = temporaryFolder();
    of(starts(1233), says(1233, samples(1)), ends(1233))
      .pipe(saveUtterances({ dir, prefix: 'line' }))
      .subscribe();
    expect(readdirSync(dir)).toEqual(['line-1234.wav']);
  });

  it('fails on subscribe when the folder cannot be made, naming it', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const refusing = existsSync('/proc/version') ? ['/proc/nowhere/below'] : [];
    for (const dir of [join(folder, 'file'), join(folder, 'file', 'below'), ...refusing]) {
      const observer = collect();
      const speech = new Subject<SpeechEvent>();
      speech.pipe(saveUtterances({ dir })).subscribe(observer);
      expect(observer.errors).toHaveLength(1);
      expect(observer.errors[0]).toBeInstanceOf(FileError);
      expect(observer.errors[0]).toMatchObject({ path: dir });
      expect(speech.observed).toBe(false);
    }
  });

  it('deletes what it began when a file cannot get its name', () => {
    const dir = temporaryFolder();
    mkdirSync(join(dir, 'utterance-001.wav'));
    const observer = collect();
    of(starts(0), says(0, samples(4)), ends(0))
      .pipe(saveUtterances({ dir }))
      .subscribe(observer);
    expect(observer.errors[0]).toBeInstanceOf(FileError);
    expect(readdirSync(dir)).toEqual(['utterance-001.wav']);
  });

  it('leaves only whole files when the process is killed', { timeout: 60_000 }, async () => {
    const dir = temporaryFolder();
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', resolve(import.meta.dirname, '../../support/writeForever.ts'), 'utterances', dir],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await new Promise((ready) => child.stdout.once('data', ready));
    await vi.waitFor(() => expect(readdirSync(dir)).toContain('utterance-002.wav'), { timeout: 30_000 });
    child.kill('SIGKILL');
    await new Promise((gone) => child.once('close', gone));
    const whole = readdirSync(dir).filter((name) => name.endsWith('.wav'));
    expect(whole.length).toBeGreaterThan(0);
    for (const name of whole) expect(readWav(join(dir, name)).data).toHaveLength(50 * 2000);
    for (const name of readdirSync(dir)) expect(name).toMatch(/^utterance-\d+\.wav$|^\..*\.part$/);
  });

  it.each([
    [{ dir: '' }, /dir must be/],
    [{}, /dir must be/],
    [{ dir: 'x', prefix: '' }, /prefix must be/],
    [{ dir: 'x', prefix: '../x' }, /prefix must be/],
    [{ dir: 'x', prefix: '.' }, /prefix must be/],
  ])('refuses %o', (config, message) => {
    expect(() => saveUtterances(config as never)).toThrow(TypeError);
    expect(() => saveUtterances(config as never)).toThrow(message);
  });
});
