// node .ci/book.mjs DIR: a text of 10,000 words, read aloud by `npm start -- --file`, has every word spoken, in one WAV.
import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [dir] = process.argv.slice(2);
mkdirSync(dir, { recursive: true });

let seed = 7;
const random = (below) => (seed = (seed * 48271) % 2147483647) % below;
const vocabulary =
  'the a river stone light under over quickly answers morning voice Dr. Smith 3.14 people walked and sang because nobody “really” knew café e.g. that year – perhaps water turned (slowly) home'.split(
    ' ',
  );
const words = [];
while (words.length < 10_000) {
  const length = 3 + random(20);
  for (let i = 0; i < length && words.length < 10_000; i++) {
    const last = i === length - 1;
    words.push(
      vocabulary[random(vocabulary.length)] +
        (last ? ['.', '?', '!', '.\n\n'][random(4)] : random(9) === 0 ? ',' : ''),
    );
  }
}
const book = words.join(' ');
const file = join(dir, 'book.txt');
writeFileSync(file, book);

const started = performance.now();
const stdout = execFileSync(
  'npm',
  ['start', '--silent', '--', '--file', file, '--out', join(dir, 'spoken')],
  {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  },
);
const seconds = (performance.now() - started) / 1000;
const split = (text) => text.split(/\s+/).filter(Boolean);
const spoken = split([...stdout.matchAll(/^▶ \d+ {2}(.*)$/gm)].map(([, text]) => text).join(' '));
const wanted = split(book);
const wrong = wanted.findIndex((word, at) => word !== spoken[at]);
const audio = (statSync(join(dir, 'spoken', 'reply.wav')).size - 44) / 32_000;
console.log(
  `${spoken.length} of ${wanted.length} words spoken: ${audio.toFixed(0)} s of audio in ${seconds.toFixed(0)} s`,
);
if (spoken.length !== wanted.length || wrong >= 0) {
  console.error(`word ${wrong} is ${wanted[wrong]}, spoken was ${spoken[wrong]}`);
  process.exit(1);
}
if (!(audio > wanted.length * 0.15)) {
  console.error('too short for that many words');
  process.exit(1);
}
