import { map, skip } from 'rxjs';
import { describe } from 'vitest';
import { accumulateConversation } from '../../../operators/accumulateConversation.js';
import { bufferSentences } from '../../../operators/bufferSentences.js';
import { toSpeech } from '../../../operators/toSpeech.js';
import { Conversation } from '../../../src/conversation.js';
import { picture } from '../../support/picture.js';

/** The conversation's last message, in words. */
const lastOf = (conversation: Conversation) =>
  conversation.state$.pipe(
    skip(1),
    map(({ messages }) => messages.at(-1)),
    map(
      (message) =>
        `${message?.content ?? ''}${message?.metadata?.['interrupted'] === true ? ' (interrupted)' : ''}`,
    ),
  );
const values = { a: 'The', b: ' sky', c: ' is', d: ' blue', e: ' today.' };

describe('accumulateConversation', () => {
  picture(
    'accumulateConversation',
    {
      title: 'accumulateConversation(conversation), on tokens',
      says: 'What was generated is one message, added before the complete goes on.',
    },
    ({ source, operator, result }) => {
      const conversation = new Conversation({ clock: () => 0 });
      const tokens = source('tokens', 'a 99ms b 99ms c 99ms d 99ms e 99ms |', values);
      operator('accumulateConversation(conversation)');
      result(
        'tokens',
        tokens.pipe(accumulateConversation<string>(conversation)),
        'a 99ms b 99ms c 99ms d 99ms e 99ms |',
        values,
      );
      result('message', lastOf(conversation), '500ms m', { m: 'The sky is blue today.' }, { tone: () => 1 });
    },
  );

  picture(
    'accumulateConversation-heard',
    {
      title: 'accumulateConversation(conversation), on speech events',
      says: 'Who stops listening leaves only what was heard in the history, to the word: the model had said more by then.',
    },
    ({ model, operator, voice, speech, result }) => {
      const conversation = new Conversation({ clock: () => 0 });
      const llm = model('model', { marbles: 'a 49ms b 49ms c 49ms d 49ms e 49ms |', values }, ['^ 249ms !']);
      operator('bufferSentences(), toSpeech(voice), accumulateConversation(conversation)');
      const speaker = voice(
        'synthesis',
        { latency: 100, msPerWord: 200, realTimeFactor: 1, sampleRate: 1000 },
        ['250ms ^ 649ms !'],
      );
      speech(
        'speech',
        llm('Why?').pipe(bufferSentences(), toSpeech(speaker), accumulateConversation(conversation)),
        '350:<0 0~ 550:0~ 750:0~',
        { unsubscribeAt: 900, heard: 'heard' },
      );
      result(
        'message',
        lastOf(conversation),
        '900ms m',
        { m: 'The sky is (interrupted)' },
        { tone: () => 1 },
      );
    },
  );
});
