/** What one run of the program leaves behind. */
export interface FliteRun {
  /** What it printed. */
  readonly output: string;
  /** The file it wrote, in full. */
  readonly file: Uint8Array;
}

class ProgramExit extends Error {
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}

/** Two of WASI's error numbers: no such file descriptor, and a descriptor that cannot seek. */
const badDescriptor = 8;
const notSeekable = 70;
const output = 1;
const diagnostics = 2;
/** The one folder the program sees, and the one file it can open there. */
const folder = 3;
const soundFile = 4;

/**
 * Runs the Flite program once, to its end, blocking the thread. The thirteen system calls it imports are answered
 * here, from memory: it sees an empty folder and may write one file; Node's own WASI would print an experimental
 * warning and reach the real file system.
 *
 * @throws Error when the program exits with anything but 0, or crashes.
 */
export function runFlite(module: WebAssembly.Module, args: readonly string[]): FliteRun {
  const encoder = new TextEncoder();
  const words = args.map((argument) => encoder.encode(`${argument}\0`));
  const printed: Uint8Array[] = [];
  const complaints: Uint8Array[] = [];
  let file = new Uint8Array(1 << 18);
  let position = 0;
  let size = 0;

  const write = (bytes: Uint8Array) => {
    if (position + bytes.length > file.length) {
      const larger = new Uint8Array(Math.max(file.length * 2, position + bytes.length));
      larger.set(file);
      file = larger;
    }
    file.set(bytes, position);
    position += bytes.length;
    size = Math.max(size, position);
  };

  const view = () => new DataView(program.memory.buffer);
  const calls = {
    args_sizes_get(count: number, bytes: number) {
      view().setUint32(count, words.length, true);
      view().setUint32(
        bytes,
        words.reduce((sum, word) => sum + word.length, 0),
        true,
      );
      return 0;
    },
    args_get(pointers: number, bytes: number) {
      let at = bytes;
      words.forEach((word, index) => {
        view().setUint32(pointers + 4 * index, at, true);
        new Uint8Array(program.memory.buffer).set(word, at);
        at += word.length;
      });
      return 0;
    },
    clock_time_get(_clock: number, _precision: bigint, time: number) {
      view().setBigUint64(time, 0n, true);
      return 0;
    },
    fd_close: () => 0,
    fd_fdstat_get(descriptor: number, at: number) {
      const directory = 3;
      const regularFile = 4;
      view().setUint8(at, descriptor === folder ? directory : regularFile);
      view().setUint16(at + 2, 0, true);
      view().setBigUint64(at + 8, ~0n, true);
      view().setBigUint64(at + 16, ~0n, true);
      return 0;
    },
    fd_fdstat_set_flags: () => 0,
    fd_prestat_get(descriptor: number, at: number) {
      if (descriptor !== folder) return badDescriptor;
      view().setUint32(at, 0, true);
      view().setUint32(at + 4, 1, true);
      return 0;
    },
    fd_prestat_dir_name(_descriptor: number, name: number) {
      new Uint8Array(program.memory.buffer).set(encoder.encode('.'), name);
      return 0;
    },
    fd_read(_descriptor: number, _vectors: number, _count: number, read: number) {
      view().setUint32(read, 0, true);
      return 0;
    },
    fd_seek(descriptor: number, offset: bigint, whence: number, result: number) {
      if (descriptor !== soundFile) return notSeekable;
      position = Number(offset) + (whence === 0 ? 0 : whence === 1 ? position : size);
      view().setBigUint64(result, BigInt(position), true);
      return 0;
    },
    fd_write(descriptor: number, vectors: number, count: number, written: number) {
      let total = 0;
      for (let index = 0; index < count; index++) {
        const start = view().getUint32(vectors + 8 * index, true);
        const length = view().getUint32(vectors + 8 * index + 4, true);
        const bytes = new Uint8Array(program.memory.buffer.slice(start, start + length));
        if (descriptor === output) printed.push(bytes);
        else if (descriptor === diagnostics) complaints.push(bytes);
        else write(bytes);
        total += length;
      }
      view().setUint32(written, total, true);
      return 0;
    },
    path_open(...parameters: number[]) {
      view().setUint32(parameters[8] ?? 0, soundFile, true);
      return 0;
    },
    proc_exit(code: number) {
      throw new ProgramExit(code);
    },
  };

  const { exports } = new WebAssembly.Instance(module, { wasi_snapshot_preview1: calls });
  const program = exports as { readonly memory: WebAssembly.Memory; readonly _start: () => void };
  try {
    program._start();
  } catch (error) {
    if (!(error instanceof ProgramExit)) throw error;
    if (error.code !== 0) {
      throw new Error(`flite exited with ${error.code}: ${textOf(complaints).trim()}`, { cause: error });
    }
  }
  return { output: textOf(printed), file: file.subarray(0, size) };
}

function textOf(parts: readonly Uint8Array[]): string {
  return Buffer.concat(parts).toString('latin1');
}
