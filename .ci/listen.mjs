// node .ci/listen.mjs DIR: is what `npm start` left there speech? Whole WAV files, neither silent nor noise at full
// scale, as long as a person would need for the words, with pauses in it, and the reply as long as its utterances.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const [dir] = process.argv.slice(2);
const fail = (message) => {
  console.error(`not speech: ${message}`);
  process.exit(1);
};

function read(file) {
  const bytes = readFileSync(join(dir, file));
  const text = (from, to) => bytes.toString('latin1', from, to);
  if (text(0, 4) !== 'RIFF' || text(8, 12) !== 'WAVE' || text(36, 40) !== 'data')
    fail(`${file} is no WAV file`);
  if (bytes.readUInt32LE(4) !== bytes.length - 8) fail(`${file}: the RIFF length is not the file's`);
  if (bytes.readUInt32LE(40) !== bytes.length - 44) fail(`${file}: the data length is not the file's`);
  const sampleRate = bytes.readUInt32LE(24);
  const data = bytes.subarray(44);
  const samples = new Int16Array(data.buffer.slice(data.byteOffset, data.byteOffset + (data.length & ~1)));
  return { file, sampleRate, samples, seconds: samples.length / sampleRate };
}

const files = readdirSync(dir).sort();
const utterances = files.filter((file) => /^utterance-\d{3,}\.wav$/.test(file)).map(read);
if (utterances.length < 2) fail(`${utterances.length} utterance files in ${files.join(', ')}`);
const reply = read('reply.wav');

const frame = Math.round(reply.sampleRate / 50);
const levels = [];
for (let at = 0; at + frame <= reply.samples.length; at += frame) {
  let sum = 0;
  for (let i = at; i < at + frame; i++) sum += reply.samples[i] ** 2;
  levels.push(Math.sqrt(sum / frame));
}
const loud = levels.filter((level) => level > 500).length / levels.length;
const quiet = levels.filter((level) => level < 150).length / levels.length;
const sum = utterances.reduce((total, { seconds }) => total + seconds, 0);
console.log(
  `${utterances.length} utterances, ${reply.seconds.toFixed(1)} s, ${Math.round(loud * 100)} % loud, ${Math.round(quiet * 100)} % quiet`,
);
if (!(reply.seconds > 5 && reply.seconds < 300)) fail(`${reply.seconds} s long`);
if (!(loud > 0.3 && loud < 0.99)) fail(`${loud * 100} % of it is loud`);
if (!(quiet > 0.02)) fail('it has no pauses');
if (Math.abs(sum - reply.seconds) > 0.05) fail(`the utterances are ${sum} s, the reply ${reply.seconds} s`);
if (files.some((file) => !/^(utterance-\d{3,}|reply)\.wav$/.test(file)))
  fail(`something else was left: ${files.join(', ')}`);
