import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { concat, connect, EMPTY, merge, of, Subject, take, throwError } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { FileError } from '../../../operators/node/fileError.js';
import { saveWav, type SavedWav } from '../../../operators/node/saveWav.js';
import { SpeechError } from '../../../src/errors.js';
import type { SpeechEvent } from '../../../src/speechEvent.js';
import { parseWavHeader } from '../../../src/wav.js';
import { readWav } from '../../support/readWav.js';
import { ends, kilohertz, samples, says, starts } from '../../support/speech.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

const record = () => {
  const seen: unknown[] = [];
  return {
    seen,
    next: (file: SavedWav) => void seen.push(file),
    error: (error: unknown) => void seen.push(error),
    complete: () => void seen.push('complete'),
  };
};

describe('saveWav', () => {
  it('writes all audio into one file and emits it when it is complete', () => {
    const path = join(temporaryFolder(), 'reply.wav');
    const observer = record();
    of(starts(0), says(0, samples(10)), ends(0), starts(1), says(1, samples(5, 10)), ends(1))
      .pipe(saveWav(path))
      .subscribe(observer);
    expect(observer.seen).toEqual([{ path, bytes: 44 + 30, duration: 15 }, 'complete']);
    expect(readWav(path)).toEqual({ format: kilohertz, data: samples(15), bytes: 74 });
  });

  it('tells whole milliseconds as such', () => {
    const path = join(temporaryFolder(), 'reply.wav');
    const observer = record();
    const format = { encoding: 'pcm_s16le', sampleRate: 16_000, channels: 1 } as const;
    of<SpeechEvent>({ type: 'audio', index: 0, data: new Uint8Array(128_800), format })
      .pipe(saveWav(path))
      .subscribe(observer);
    expect(observer.seen[0]).toMatchObject({ duration: 4025 });
  });

  it('is a valid file at every moment while it grows', () => {
    const path = join(temporaryFolder(), 'reply.wav');
    const speech = new Subject<SpeechEvent>();
    speech.pipe(saveWav(path)).subscribe();
    expect(readWav(path).data).toHaveLength(0);
    for (let i = 0; i < 20; i++) {
      speech.next(says(0, samples(7, 7 * i)));
      expect(readWav(path)).toMatchObject({ format: kilohertz, data: samples(7 * (i + 1)) });
    }
  });

  it('keeps what it has when it is unsubscribed, and when the source fails', () => {
    const path = join(temporaryFolder(), 'reply.wav');
    const speech = new Subject<SpeechEvent>();
    const subscription = speech.pipe(saveWav(path)).subscribe();
    speech.next(says(0, samples(3)));
    subscription.unsubscribe();
    expect(speech.observed).toBe(false);
    expect(readWav(path).data).toEqual(samples(3));

    const observer = record();
    const lost = new Error('lost');
    concat(
      of(says(0, samples(4))),
      throwError(() => lost),
    )
      .pipe(saveWav(path))
      .subscribe(observer);
    expect(observer.seen).toEqual([lost]);
    expect(readWav(path).data).toEqual(samples(4));
  });

  it('makes the folder, and leaves a WAV of no length where there was no audio', () => {
    const path = join(temporaryFolder(), 'a', 'b', 'reply.wav');
    const observer = record();
    EMPTY.pipe(saveWav(path)).subscribe(observer);
    expect(observer.seen).toEqual([{ path, bytes: 44, duration: 0 }, 'complete']);
    expect(readWav(path).data).toHaveLength(0);
  });

  it('overwrites an older, longer file, and its own at a second subscription', () => {
    const path = join(temporaryFolder(), 'reply.wav');
    writeFileSync(path, Buffer.alloc(10_000, 1));
    const saved = of(says(0, samples(4))).pipe(saveWav(path));
    for (let i = 0; i < 2; i++) {
      saved.subscribe();
      expect(readWav(path).data).toEqual(samples(4));
    }
  });

  it('touches nothing before it is subscribed', () => {
    const folder = join(temporaryFolder(), 'not yet');
    void EMPTY.pipe(saveWav(join(folder, 'reply.wav')));
    expect(existsSync(folder)).toBe(false);
  });

  it('fails before anything is asked of the source when the path cannot be written', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'folder.wav'));
    const refusing = existsSync('/proc/version') ? ['/proc/nowhere/below/reply.wav'] : [];
    for (const path of [join(folder, 'file', 'reply.wav'), join(folder, 'folder.wav'), ...refusing]) {
      const observer = record();
      const speech = new Subject<SpeechEvent>();
      speech.pipe(saveWav(path)).subscribe(observer);
      expect(observer.seen).toHaveLength(1);
      const [error] = observer.seen as [FileError];
      expect(error).toBeInstanceOf(FileError);
      expect(error.message).toMatch(/^cannot write .*(folder|way|made)/);
      expect(path.startsWith(error.path)).toBe(true);
      expect(error.message).toContain(error.path);
      expect(error.message).not.toContain('\n');
      expect(speech.observed).toBe(false);
    }
  });

  it.skipIf(!existsSync('/dev/full'))('says so when the disk is full, and leaves the source', () => {
    const path = join(temporaryFolder(), 'reply.wav');
    symlinkSync('/dev/full', path);
    const observer = record();
    const speech = new Subject<SpeechEvent>();
    speech.pipe(saveWav(path)).subscribe(observer);
    speech.next(says(0, samples(4)));
    expect(observer.seen).toMatchObject([
      { name: 'FileError', path, message: `cannot write ${path}: no space left` },
    ]);
    expect(speech.observed).toBe(false);
  });

  it('converts another format to the first', () => {
    const path = join(temporaryFolder(), 'reply.wav');
    const twice = new Uint8Array(Int16Array.from([7, 7, 8, 8]).buffer);
    of(
      starts(0),
      says(0, samples(2)),
      ends(0),
      starts(1),
      says(1, twice, { ...kilohertz, channels: 2 }),
      ends(1),
    )
      .pipe(saveWav(path))
      .subscribe();
    expect(readWav(path)).toMatchObject({
      format: kilohertz,
      data: new Uint8Array(Int16Array.from([0, 1, 7, 8]).buffer),
    });
  });

  it('refuses what is not PCM and keeps what came before it', () => {
    const path = join(temporaryFolder(), 'reply.wav');
    const observer = record();
    of(starts(0, 'Hi.'), says(0, samples(4)), says(0, samples(4), { ...kilohertz, encoding: 'mp3' }))
      .pipe(saveWav(path))
      .subscribe(observer);
    expect(observer.seen).toHaveLength(1);
    expect(observer.seen[0]).toBeInstanceOf(SpeechError);
    expect(observer.seen[0]).toMatchObject({ utterance: 'Hi.' });
    expect(readWav(path).data).toEqual(samples(4));
  });

  it('saves beside another listener, and stops with it', () => {
    const path = join(temporaryFolder(), 'reply.wav');
    const speech = new Subject<SpeechEvent>();
    const heard: unknown[] = [];
    speech
      .pipe(
        connect((shared) => merge(shared, shared.pipe(saveWav(path)))),
        take(2),
      )
      .subscribe((event) => heard.push(event));
    for (let i = 0; i < 3; i++) speech.next(says(0, samples(2, 2 * i)));
    expect(heard).toHaveLength(2);
    expect(speech.observed).toBe(false);
    // The second event ended the pipe before its turn came.
    expect(readWav(path).data).toEqual(samples(2));
  });

  it('leaves a valid file when the process is killed while it writes', { timeout: 60_000 }, async () => {
    const path = join(temporaryFolder(), 'reply.wav');
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', resolve(import.meta.dirname, '../../support/writeForever.ts'), 'wav', path],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await new Promise((ready) => child.stdout.once('data', ready));
    await vi.waitFor(() => expect(statSync(path).size).toBeGreaterThan(100_000), { timeout: 30_000 });
    child.kill('SIGKILL');
    await new Promise((gone) => child.once('close', gone));
    // At most the samples of one append lie behind those that the header counts.
    const bytes = readFileSync(path);
    const header = parseWavHeader(bytes)!;
    const behind = bytes.length - header.dataOffset - header.dataLength;
    expect(header.dataLength).toBeGreaterThan(1000);
    expect(behind).toBeGreaterThanOrEqual(0);
    expect(behind).toBeLessThanOrEqual(2000);
    expect(bytes.readUInt32LE(4)).toBe(36 + header.dataLength);
  });

  it.each(['', undefined, 7])('refuses %o as a path', (path) => {
    expect(() => saveWav(path as never)).toThrow(/saveWav: path must be/);
  });
});
