// First pipeline: a reply is spoken while it is still being written.
import { lastValueFrom, tap } from 'rxjs';
import { bufferSentences, toSpeech } from 'rx-aloud/operators';
import { saveWav } from 'rx-aloud/operators/node';
import { flite } from 'rx-aloud/providers/flite';
import { scriptedModel } from 'rx-aloud/providers/scripted';

// Says always the same, at a model's pace. For a real one: const model = ollama({ model: 'llama3.2' });
const model = scriptedModel({
  text: 'The sky is blue because air scatters sunlight. Blue light is scattered the most. At sunset, red is left.',
  tokensPerSecond: 30,
});

const file = await lastValueFrom(
  model('Why is the sky blue?').pipe(
    tap((token) => process.stdout.write(token)),
    bufferSentences(), // tokens to whole sentences
    toSpeech(flite()), // sentences to audio: the first is spoken while the next ones are still to come
    saveWav('output/first-pipeline.wav'),
  ),
);
console.log(`\n\nSpoken: ${file.path}, ${(file.duration / 1000).toFixed(1)} s`);
