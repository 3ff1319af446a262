// Barge-in: the listener interrupts, request and voice stop at once, and the history keeps what was heard of the reply.
import { lastValueFrom, Subject, tap } from 'rxjs';
import { Conversation } from 'rx-aloud';
import { converse } from 'rx-aloud/pipelines';
import { flite } from 'rx-aloud/providers/flite';
import { scriptedModel } from 'rx-aloud/providers/scripted';

const model = scriptedModel({
  text:
    'Let me tell you about the sky. It is blue because air scatters light. It does so with blue the most. ' +
    'At sunset the blue is lost on its way, and red is left.',
  tokensPerSecond: 8,
  onRequest: ({ prompt }) => console.log(`→ asked with ${prompt.length} messages`),
  onEnd: (_, how) => console.log(`← request ended: ${how}`),
});
const voice = flite();
await voice.warm();
const conversation = new Conversation();
conversation.system('You are brief.');

// What the user says. Usually it comes from a microphone or a text field.
const utterances = new Subject<string>();
const say = (text: string) => {
  console.log(`User: ${text}`);
  utterances.next(text);
};

const spoken = lastValueFrom(
  utterances.pipe(
    converse({ model, voice, conversation }),
    tap((event) => {
      // Here audio would go to a player, which drops what it has not played when the user speaks. Without one, a
      // listener in real time is assumed.
      if (event.type !== 'utterance-start') return;
      console.log(`Voice: ${event.text.trim()}`);
      if (event.index === 0) setTimeout(interrupt, 800);
    }),
  ),
);
const interrupt = () => {
  say('Sorry, once more, please?');
  utterances.complete();
};
say('Tell me about the sky.');
await spoken;

console.log('\nThe conversation, as it was heard:');
for (const { role, content, metadata } of conversation.messages) {
  console.log(`  ${role}: ${content}${metadata?.['interrupted'] ? ' … (interrupted)' : ''}`);
}
