// The vocabulary and the operators need nothing but rxjs.
import assert from 'node:assert/strict';
import { lastValueFrom, toArray } from 'rxjs';
import { createValve } from 'rx-aloud';
import { bufferSentences, toSpeech } from 'rx-aloud/operators';
import { scriptedModel, scriptedVoice } from 'rx-aloud/providers/scripted';

createValve({ high: 2, low: 1 });
const model = scriptedModel({ text: 'Hello there, world. How are you today?', tokensPerSecond: 500 });
const voice = scriptedVoice({ latency: 1, realTimeFactor: 0.001 });
const events = await lastValueFrom(model('Hi').pipe(bufferSentences(), toSpeech(voice), toArray()));
assert.equal(
  events
    .filter((event) => event.type === 'utterance-end')
    .map((event) => event.text)
    .join(''),
  'Hello there, world. How are you today?',
);
assert.ok(events.some((event) => event.type === 'audio' && event.data.length > 0));
console.log('the five-line pipeline spoke with rxjs alone');
