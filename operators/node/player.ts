import { accessSync, constants, statSync } from 'node:fs';
import { basename, delimiter, isAbsolute, join } from 'node:path';
import type { AudioFormat } from '../../src/audioFormat.js';
import { AloudError } from '../../src/errors.js';
import type { Filled } from '../../src/filled.js';

/** A program that plays sound. */
export interface Player {
  /** Its name, looked for in the PATH, or its path. */
  readonly command: string;
  /** Arguments to play this format; none by default. */
  readonly args?: ((format: AudioFormat) => readonly string[]) | undefined;
  /**
   * How it takes the sound: `wav` (default) a WAV stream on its standard input, `raw` bare samples there, `file` a WAV
   * file as last argument, one run an utterance.
   */
  readonly input?: 'wav' | 'raw' | 'file' | undefined;
}

/** There is no player, or it has failed. Not retryable. */
export class PlayerError extends AloudError {
  override readonly name = 'PlayerError';
  /** The player, where one was found or asked for. */
  readonly player: string | undefined;

  constructor(message: string, options: { readonly player?: string; readonly cause?: unknown } = {}) {
    super(message, { ...options, retryable: false });
    this.player = options.player;
  }
}

const known: Readonly<Record<string, Omit<Player, 'command'>>> = {
  // A WAV stream tells the format by itself: the options for bare samples differ between versions of ffplay.
  ffplay: {
    args: () => '-nodisp -autoexit -loglevel error -fflags nobuffer -f wav -i -'.split(' '),
    input: 'wav',
  },
  aplay: {
    args: ({ sampleRate, channels }) => `-q -t raw -f S16_LE -r ${sampleRate} -c ${channels} -`.split(' '),
    input: 'raw',
  },
  afplay: { input: 'file' },
  paplay: {
    args: ({ sampleRate, channels }) =>
      `--raw --format=s16le --rate=${sampleRate} --channels=${channels}`.split(' '),
    input: 'raw',
  },
};

/**
 * Finds the player to use: the one asked for (a name in the PATH, a path, or a description of one), else the first of
 * ffplay, aplay, afplay and paplay that this machine has. The `command` of the result is a path.
 *
 * ```ts
 * console.log('plays through', findPlayer().command);
 * ```
 *
 * @throws PlayerError naming what is missing.
 */
export function findPlayer(asked?: string | Player): Filled<Player> {
  if (asked === undefined) {
    for (const name of Object.keys(known)) {
      const command = find(name);
      if (command !== undefined) return complete(command, known[name]);
    }
    throw new PlayerError(
      `no player found: install one of ${Object.keys(known).join(', ')}, or give playAloud another (player)`,
    );
  }
  const { command: name, ...rest } = typeof asked === 'string' ? { command: asked } : asked;
  const command = find(name);
  if (command === undefined)
    throw new PlayerError(`player not found: ${name} is not installed`, { player: name });
  return complete(command, typeof asked === 'string' ? known[basename(name).replace(/\.exe$/i, '')] : rest);
}

function complete(command: string, { args = () => [], input = 'wav' }: Omit<Player, 'command'> = {}) {
  return { command, args, input };
}

function find(name: string): string | undefined {
  const isPath = isAbsolute(name) || /[/\\]/.test(name);
  const folders = isPath
    ? ['']
    : (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const endings = process.platform === 'win32' ? ['.exe', ''] : [''];
  for (const folder of folders) {
    for (const ending of endings) {
      const path = join(folder, name + ending);
      if (isRunnable(path)) return isPath ? name + ending : path;
    }
  }
  return undefined;
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
