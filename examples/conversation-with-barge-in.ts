// Barge-in: the listener interrupts, request and voice stop at once, and the history keeps what was heard of the reply.
import { concatMap, delay, lastValueFrom, of, tap } from 'rxjs';
import { Conversation } from 'rx-aloud';
import { converse } from 'rx-aloud/pipelines';
import { flite } from 'rx-aloud/providers/flite';
import { scriptedModel } from 'rx-aloud/providers/scripted';

const model = scriptedModel({
  text: 'Let me tell you about the sky. It is blue because air scatters light. It does so with blue the most.',
  tokensPerSecond: 10,
  onRequest: ({ prompt }) => console.log(`→ asked with ${prompt.length} messages`),
  onEnd: (_, how) => console.log(`← request ended: ${how}`),
});
const conversation = new Conversation();
conversation.system('You are brief.');

// What the user says, and how many milliseconds after what was said before. Usually from a microphone or a text field.
const utterances = of(
  { text: 'Tell me about the sky.', after: 0 },
  { text: 'Sorry, once more, please?', after: 2000 },
).pipe(
  concatMap(({ text, after }) => of(text).pipe(delay(after))),
  tap((text) => console.log(`User: ${text}`)),
);

await lastValueFrom(
  utterances.pipe(
    converse({ model, voice: flite(), conversation }),
    tap((event) => {
      // Here audio would go to a player, which drops what it has not played when the user speaks. Without one, a
      // listener in real time is assumed.
      if (event.type === 'utterance-start') console.log(`Voice: ${event.text.trim()}`);
    }),
  ),
);

console.log('\nThe conversation, as it was heard:');
for (const { role, content, metadata } of conversation.messages) {
  console.log(`  ${role}: ${content}${metadata?.['interrupted'] ? ' … (interrupted)' : ''}`);
}
