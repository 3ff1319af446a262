// A structured reply: the model answers in JSON, one field of it is spoken while it grows, all of it is shown at the end.
import { connect, lastValueFrom, merge, takeLast, tap } from 'rxjs';
import { bufferSentences, parsePartialJson, pluckText, toSpeech } from 'rx-aloud/operators';
import { saveWav } from 'rx-aloud/operators/node';
import { flite } from 'rx-aloud/providers/flite';
import { scriptedModel } from 'rx-aloud/providers/scripted';
import { z } from 'zod';

const schema = z.object({ mood: z.string(), answer: z.string(), sources: z.array(z.string()) });

// Stands in for a model that keeps to the schema: all network providers do.
const model = scriptedModel({
  text: JSON.stringify({
    mood: 'curious',
    answer: 'Air scatters blue light the most. That is why the sky is blue.',
    sources: ['Rayleigh, 1871', 'Tyndall, 1869'],
  }),
  tokensPerSecond: 40,
});

await lastValueFrom(
  model('Why is the sky blue?', { schema }).pipe(
    // Two uses, one request.
    connect((reply) =>
      merge(
        reply.pipe(
          pluckText('answer'),
          bufferSentences(),
          tap((sentence) => console.log(`Speaking: ${sentence.trim()}`)),
          toSpeech(flite()),
          saveWav('output/structured-reply.wav'),
        ),
        reply.pipe(
          parsePartialJson(schema), // the growing object; the last one is validated
          takeLast(1),
          tap((whole) => console.log('Whole reply:', whole)),
        ),
      ),
    ),
  ),
);
