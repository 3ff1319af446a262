// A pipeline of one's own, as speakReply.spec.ts tests it: model, voice and conversation come in as arguments.
import { defer, type Observable } from 'rxjs';
import type { ChatModel, Conversation, SpeechEvent, Voice } from 'rx-aloud';
import { accumulateConversation, bufferSentences, fallbackToComplete, toSpeech } from 'rx-aloud/operators';

/** What the pipeline is made of. */
export interface Parts {
  readonly model: ChatModel;
  readonly voice: Voice;
  readonly conversation: Conversation;
}

/** Answers a message aloud; the conversation keeps what was said and what was heard. */
export function speakReply(message: string, { model, voice, conversation }: Parts): Observable<SpeechEvent> {
  return defer(() => {
    conversation.add('user', message);
    const prompt = [...conversation.messages];
    return model(prompt).pipe(
      fallbackToComplete((partial) => model.complete(prompt, { continueFrom: partial }), {
        expects: 'continuation',
      }),
      bufferSentences({ minChunkLength: 1 }),
      toSpeech(voice),
      accumulateConversation(conversation),
    );
  });
}
