// A long file, read aloud with backpressure: the file is read only as fast as it is spoken, whatever its length.
// npm run example -- long-file book.txt
import { createReadStream, statSync } from 'node:fs';
import { fromEvent, lastValueFrom, takeUntil, tap } from 'rxjs';
import { fromTokens, withValve } from 'rx-aloud';
import { bufferSentences, toSpeech } from 'rx-aloud/operators';
import { saveWav } from 'rx-aloud/operators/node';
import { flite } from 'rx-aloud/providers/flite';

const file = process.argv[2] ?? 'examples/texts/sky.txt';
const { size } = statSync(file);
let read = 0;

// The valve counts sentences that wait for the voice. At two the file is not read on, at one it is again.
const speech = withValve({ high: 2, low: 1 }, (valve) =>
  fromTokens((signal) => createReadStream(file, { encoding: 'utf8', highWaterMark: 64, signal }), {
    valve,
  }).pipe(
    tap((text) => (read += Buffer.byteLength(text))),
    bufferSentences({ valve }),
    toSpeech(flite(), { valve }),
    tap((event) => {
      if (event.type === 'utterance-end')
        console.log(`read ${read} of ${size} bytes, spoken: ${event.text.trim()}`);
    }),
    saveWav('output/long-file.wav'),
  ),
);

// Ctrl-C ends it all; the WAV file is valid up to there.
const saved = await lastValueFrom(speech.pipe(takeUntil(fromEvent(process, 'SIGINT'))), {
  defaultValue: undefined,
});
console.log(saved ? `${saved.path}: ${(saved.duration / 1000).toFixed(1)} s` : 'interrupted');
