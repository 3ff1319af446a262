import { map } from 'rxjs';
import { describe } from 'vitest';
import { converse } from '../../../pipelines/converse.js';
import type { ChatModel, ChatOptions } from '../../../src/chatModel.js';
import type { Prompt } from '../../../src/message.js';
import { Conversation } from '../../../src/conversation.js';
import { picture } from '../../support/picture.js';

describe('converse', () => {
  picture(
    'converse',
    {
      title: 'converse({ model, voice, conversation })',
      says: 'Barge-in: a new utterance ends the request and the synthesis at once, and the history keeps only what was heard of the reply.',
    },
    ({ source, model, operator, voice, speech, result }) => {
      const conversation = new Conversation({ clock: () => 0 });
      const utterances = source('user', 'a 1399ms b', { a: 'Why is the sky blue?', b: 'And the sea?' });
      operator('converse({ model, voice, conversation })');
      const sky =
        'Air scatters the blue of light. So we see it all over the sky, wherever we look, all day long.';
      const first = model('model', { text: sky, tokensPerSecond: 10 }, ['^ 1399ms !']);
      const second = model('model', { text: 'It mirrors the sky. So it is blue too.', tokensPerSecond: 10 }, [
        '1400ms ^ 799ms !',
      ]);
      let turn = 0;
      const llm: ChatModel = Object.assign(
        (prompt: Prompt, options?: ChatOptions) => (turn++ === 0 ? first : second)(prompt, options),
        { ...first },
      );
      const speaker = voice(
        'synthesis',
        { latency: 100, msPerWord: 200, realTimeFactor: 0.25, sampleRate: 1000 },
        ['600ms ^ 399ms !', '2200ms ^ 549ms !'],
      );
      speech(
        'speech',
        utterances.pipe(converse({ model: llm, voice: speaker, conversation })),
        '700:<0 0~ 750:0~ 800:0~ 850:0~ 900:0~ 950:0~ 1000:>0 2300:<1 1~ 2350:1~ 2400:1~ 2450:1~ 2500:1~ 2550:1~ 2600:1~ 2650:1~ 2700:1~ 2750:>1',
        {
          heard: 'heard',
          dropAt: [1400],
        },
      );
      result(
        'history',
        conversation.state$.pipe(
          map(({ messages }) => messages.at(-1)),
          map((message) => (message ? `${message.role}: ${message.content}` : '')),
        ),
        'b 1399ms (cd) 1346ms e',
        {
          b: 'user: Why is the sky blue?',
          c: 'assistant: Air scatters the',
          d: 'user: And the sea?',
          e: 'assistant: It mirrors the sky. So it is blue too.',
        },
      );
    },
  );
});
