import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { AudioFormat } from '../../src/audioFormat.js';
import type { Filled } from '../../src/filled.js';
import { wavHeader } from '../../src/wav.js';
import { orFileError } from './fileError.js';
import { openWav, type OpenWav } from './openWav.js';
import { PlayerError, type Player } from './player.js';

/** A player at work. */
export interface StartedPlayer {
  /** Hands samples over; `taken` is called once the player has them, never within the call. */
  play(data: Uint8Array, taken: () => void): void;
  /** Says that an utterance is complete. */
  utteranceEnds(): void;
  /** Says that nothing more comes: the player ends when it has played what it has. */
  end(): void;
  /** Silence at once. Nothing is called back afterwards. */
  kill(): void;
}

/** Starts a player for one format. `ended` is called once: with an error, or when everything has been played. */
export function startPlayer(
  player: Filled<Player>,
  format: AudioFormat,
  ended: (error?: PlayerError) => void,
): StartedPlayer {
  return (player.input === 'file' ? startFilePlayer : startPipePlayer)(player, format, ended);
}

const startPipePlayer: typeof startPlayer = (player, format, ended) => {
  let ending = false;
  const child = run(player, player.args(format), (error) => {
    if (error === undefined && !ending)
      ended(new PlayerError(`${basename(player.command)} stopped before the end`));
    else ended(error);
  });
  const { stdin } = child.process;
  if (player.input === 'wav') stdin?.write(wavHeader(format));
  return {
    // A write that fails is told by the player's end.
    play: (data, taken) => void stdin?.write(data, (error) => error ?? taken()),
    utteranceEnds: () => undefined,
    end() {
      ending = true;
      stdin?.end();
    },
    kill: () => child.kill(),
  };
};

/** For players that cannot listen to a pipe: one run for each utterance, from a temporary file. */
const startFilePlayer: typeof startPlayer = (player, format, ended) => {
  const folder = orFileError(tmpdir(), () => mkdtempSync(join(tmpdir(), 'rx-aloud-')));
  const waiting: { readonly path: string; readonly taken: readonly (() => void)[] }[] = [];
  let files = 0;
  let open: { readonly path: string; readonly wav: OpenWav; readonly taken: (() => void)[] } | undefined;
  let playing: { kill(): void } | undefined;
  let ending = false;

  const cleanUp = () => rmSync(folder, { recursive: true, force: true });
  const next = () => {
    if (playing !== undefined) return;
    const file = waiting.shift();
    if (file === undefined) {
      if (!ending) return;
      cleanUp();
      ended();
      return;
    }
    playing = run(player, [...player.args(format), file.path], (error) => {
      playing = undefined;
      rmSync(file.path, { force: true });
      if (error === undefined) {
        next();
        return;
      }
      cleanUp();
      ended(error);
    });
    for (const taken of file.taken) taken();
  };
  const close = () => {
    if (open === undefined) return;
    open.wav.close();
    waiting.push(open);
    open = undefined;
    next();
  };
  return {
    play(data, taken) {
      if (open === undefined) {
        const path = join(folder, `${++files}.wav`);
        open = { path, wav: openWav(path, 'wx'), taken: [] };
      }
      open.wav.append(data, format);
      open.taken.push(taken);
    },
    utteranceEnds: close,
    end() {
      ending = true;
      close();
      next();
    },
    kill() {
      playing?.kill();
      open?.wav.close();
      cleanUp();
    },
  };
};

/** Runs the program; `ended` is called once, unless it is killed: without an error after an exit with code 0. */
function run(player: Filled<Player>, args: readonly string[], ended: (error?: PlayerError) => void) {
  const name = basename(player.command);
  let told = false;
  const tell = (error?: PlayerError) => {
    if (told) return;
    told = true;
    ended(error);
  };
  const child: ChildProcess = spawn(player.command, args, {
    stdio: [player.input === 'file' ? 'ignore' : 'pipe', 'ignore', 'pipe'],
    windowsHide: true,
  });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(0, 1000)));
  child.stdin?.on('error', () => undefined);
  child.once('error', (cause) =>
    tell(new PlayerError(`cannot start ${name}: ${cause.message}`, { player: name, cause })),
  );
  child.once('close', (code, signal) => {
    if (code === 0) tell();
    else {
      const why = said.trim().split('\n').at(-1) ?? '';
      const how = signal ?? `exit code ${String(code)}`;
      tell(new PlayerError(`${name} failed (${how})${why === '' ? '' : `: ${why}`}`, { player: name }));
    }
  });
  return {
    process: child,
    kill() {
      told = true;
      child.stdin?.destroy();
      // The player may have seconds of sound in its buffers: it is not asked to end in its own time.
      child.kill('SIGKILL');
    },
  };
}
