import { Observable } from 'rxjs';
import { describe } from 'vitest';
import { bufferSentences } from '../../../operators/bufferSentences.js';
import { measure, type Measures } from '../../../operators/measure.js';
import { toSpeech } from '../../../operators/toSpeech.js';
import { picture } from '../../support/picture.js';

describe('measure', () => {
  picture(
    'measure',
    {
      title: 'measure(observer)',
      until: 1000,
      says: 'Told at the first token, at the first audio, at the end of each utterance and at the end of all: what matters for how long a listener waits.',
    },
    ({ model, operator, voice, result }) => {
      const values = { a: 'The', b: ' sky', c: ' is', d: ' blue', e: ' today.' };
      const llm = model('model', { marbles: '300ms a 49ms b 49ms c 49ms d 49ms (e|)', values }, [
        '^ 499ms !',
      ]);
      operator('measure(observer), bufferSentences(), toSpeech(voice), measure(observer)');
      const speaker = voice(
        'synthesis',
        { latency: 100, msPerWord: 200, realTimeFactor: 0.2, sampleRate: 1000 },
        ['500ms ^ 299ms !'],
      );
      result(
        'told',
        new Observable<string>((out) => {
          const observer = ({ timeToFirstToken, timeToFirstAudio, realTimeFactor, ended }: Measures) =>
            out.next(
              [
                ...(timeToFirstToken === undefined ? [] : [`first token ${timeToFirstToken}`]),
                ...(timeToFirstAudio === undefined ? [] : [`first audio ${timeToFirstAudio}`]),
                ...(realTimeFactor === undefined ? [] : [`real-time factor ${realTimeFactor}`]),
                ...(ended === undefined ? [] : [ended]),
              ].join(', '),
            );

          return llm('Why?')
            .pipe(measure(observer), bufferSentences(), toSpeech(speaker), measure(observer))
            .subscribe({ complete: () => out.complete() });
        }),
        '300ms a 199ms b 99ms c 199ms (de|)',
        {
          a: 'first token 300',
          b: 'first token 300, complete',
          c: 'first audio 600, real-time factor 3',
          d: 'first audio 600, real-time factor 0.76',
          e: 'first audio 600, real-time factor 0.76, complete',
        },
      );
    },
  );
});
