import { connect, map } from 'rxjs';
import { describe } from 'vitest';
import { heardText } from '../../../operators/heardText.js';
import { toSpeech } from '../../../operators/toSpeech.js';
import { picture } from '../../support/picture.js';

describe('heardText', () => {
  picture(
    'heardText',
    {
      title: 'heardText()',
      says: 'What a listener has heard so far, each time it grows: the voice is done long before. A word counts when it has been heard to its end.',
    },
    ({ source, operator, voice, result }) => {
      const texts = source('texts', '(ab|)', { a: 'The sky is blue. ', b: 'Look up.' });
      operator('toSpeech(voice)');
      const speaker = voice(
        'synthesis',
        { latency: 50, msPerWord: 250, realTimeFactor: 0.2, sampleRate: 1000 },
        ['^ 249ms !', '^ 149ms !'],
      );
      operator('heardText()');
      result(
        'heard',
        texts.pipe(
          toSpeech(speaker),
          connect(heardText()),
          map(({ text }) => text),
        ),
        '300ms a 249ms b 249ms c 249ms d 249ms e 249ms (f|)',
        {
          a: 'The',
          b: 'The sky',
          c: 'The sky is',
          d: 'The sky is blue. ',
          e: 'The sky is blue. Look',
          f: 'The sky is blue. Look up.',
        },
      );
    },
  );
});
