import { from } from 'rxjs';
import { describe } from 'vitest';
import { bufferSentences } from '../../../operators/bufferSentences.js';
import { toSpeech } from '../../../operators/toSpeech.js';
import type { ScriptedVoiceConfig } from '../../../providers/scripted/index.js';
import { createValve } from '../../../src/valve.js';
import { picture } from '../../support/picture.js';

/** A voice that speaks each text by its marbles, a letter being so many milliseconds of audio. */
const spelling = (
  scripts: Readonly<Record<string, string>>,
  duration: number,
  more: ScriptedVoiceConfig = {},
): ScriptedVoiceConfig => ({
  marbles: (text) => scripts[text] ?? '|',
  values: Object.fromEntries(
    Array.from('abcdefghijkl', (letter) => [letter, new Uint8Array(2 * duration).fill(letter.charCodeAt(0))]),
  ),
  sampleRate: 1000,
  ...more,
});

describe('toSpeech', () => {
  const [first, second, third] = ['The sky is blue.', 'Air scatters light.', 'Red goes on.'];

  picture(
    'toSpeech',
    {
      title: 'toSpeech(voice)',
      says: 'The first utterance streams as it is synthesized; the second is synthesized meanwhile, and held until its turn. A dot is an audio event.',
    },
    ({ source, operator, voice, speech }) => {
      const texts = source('texts', '(ab|)', { a: first, b: second });
      operator('toSpeech(voice, { concurrency: 2 })');
      const speaker = voice(
        'synthesis',
        spelling({ [first]: '200ms a 299ms b 99ms |', [second]: '100ms c 299ms d 399ms e 99ms |' }, 400),
        ['^ 599ms !', '^ 899ms !'],
      );
      speech('speech', texts.pipe(toSpeech(speaker)), '200:<0 0a 500:0b 600:>0 <1 1c 1d 800:1e 900:>1 |', {
        heard: 'heard',
      });
    },
  );

  picture(
    'toSpeech-error',
    {
      title: 'toSpeech(voice), its source failing',
      says: "The source's failure waits until everything before it has been emitted: text that is there is still spoken.",
      until: 850,
    },
    ({ source, operator, voice, speech }) => {
      const texts = source('texts', '(ab#)', { a: first, b: second }, { error: new Error('no') });
      operator('toSpeech(voice)');
      const speaker = voice(
        'synthesis',
        spelling({ [first]: '500ms a 199ms |', [second]: '100ms c 99ms |' }, 400),
        ['^ 699ms !', '^ 199ms !'],
      );
      speech('speech', texts.pipe(toSpeech(speaker)), '500:<0 0a 700:>0 <1 1c >1 #Error');
    },
  );

  picture(
    'toSpeech-fallback',
    {
      title: 'toSpeech(voice, { fallback })',
      says: 'An utterance of which no audio has been emitted is given to the fallback voice, which stays for the rest: nothing is ever begun twice.',
    },
    ({ source, operator, voice, speech }) => {
      const texts = source('texts', 'a 99ms b 99ms (c|)', { a: first, b: second, c: third });
      operator('toSpeech(voice, { fallback, concurrency: 1 })');
      const failing = voice(
        'voice',
        spelling({ [first]: '100ms a 199ms |', [second]: '300ms #', [third]: '300ms e 99ms |' }, 400),
        ['^ 299ms !', '300ms ^ 299ms !'],
      );
      const fallback = voice(
        'fallback',
        spelling({ [second]: '100ms c 98ms d|', [third]: '100ms e 98ms f|' }, 300),
        ['600ms ^ 199ms !', '800ms ^ 199ms !'],
      );
      speech(
        'speech',
        texts.pipe(toSpeech(failing, { fallback, concurrency: 1 })),
        '100:<0 0a 300:>0 700:<1 1c 799:1d 800:>1 900:<2 2e 999:2f 1000:>2 |',
        { heard: 'heard' },
      );
    },
  );

  picture(
    'toSpeech-maxAhead',
    {
      title: 'toSpeech(voice, { maxAhead: 500 })',
      says: 'No synthesis starts while 500 ms of audio wait unplayed, so that an interruption throws little away.',
    },
    ({ source, operator, voice, speech }) => {
      const values = { a: first, b: second, c: third };
      const texts = source('texts', '(abc|)', values);
      operator('toSpeech(voice, { concurrency: 1, maxAhead: 500 })');
      const speaker = voice(
        'synthesis',
        spelling({ [first]: '50ms a 49ms b|', [second]: '50ms c 49ms d|', [third]: '50ms e 49ms f|' }, 500),
        ['^ 100ms !', '550ms ^ 100ms !', '1550ms ^ 100ms !'],
      );
      speech(
        'speech',
        texts.pipe(toSpeech(speaker, { concurrency: 1, maxAhead: 500 })),
        '50:<0 0a 100:0b 101:>0 600:<1 1c 650:1d 651:>1 1600:<2 2e 1650:2f 1651:>2 |',
        { heard: 'heard' },
      );
    },
  );

  picture(
    'toSpeech-valve',
    {
      title: 'toSpeech(voice, { valve })',
      says: 'While two sentences wait or are spoken, the valve is closed: the model stands still, and so do all clocks. A real provider stops reading its socket.',
    },
    ({ model, operator, voice, speech, valve }) => {
      const gate = createValve({ high: 2, low: 1 });
      const values = { a: 'One. ', b: 'Two. ', c: 'Three. ', d: 'Four. ' };
      const llm = model('model', { marbles: 'a 49ms b 49ms c 49ms d 49ms |', values }, ['^ 899ms !']);
      valve(gate.open$, 'o 99ms c 349ms o 49ms c 349ms o 49ms c 349ms o');
      operator('bufferSentences({ valve, … }), toSpeech(voice, { valve, concurrency: 1 })');
      const speaker = voice(
        'synthesis',
        spelling(
          {
            'One.': '100ms a 299ms |',
            'Two.': '100ms b 299ms |',
            'Three.': '100ms c 299ms |',
            'Four.': '100ms d 299ms |',
          },
          300,
        ),
        ['50ms ^ 399ms !', '450ms ^ 399ms !', '850ms ^ 399ms !', '1250ms ^ 399ms !'],
      );
      speech(
        'speech',
        llm('Count.', { valve: gate }).pipe(
          bufferSentences({ sentenceBufferSize: 1, minChunkLength: 1, valve: gate }),
          toSpeech(speaker, { valve: gate, concurrency: 1 }),
        ),
        '150:<0 0a 450:>0 550:<1 1b 850:>1 950:<2 2c 1250:>2 1350:<3 3d 1650:>3 |',
      );
    },
  );

  picture(
    'toSpeech-startDelay',
    {
      title: 'toSpeech(voice, { startDelay: 600 })',
      says: 'The first audio goes out once 600 ms of it are there: a slow model leaves no gap later.',
    },
    ({ source, operator, voice, speech }) => {
      const texts = source('texts', 'a 499ms (b|)', { a: first, b: second });
      operator('toSpeech(voice, { startDelay: 600 })');
      const speaker = voice(
        'synthesis',
        spelling({ [first]: '100ms a 199ms b 99ms |', [second]: '100ms c 99ms d|' }, 300),
        ['^ 399ms !', '500ms ^ 200ms !'],
      );
      speech(
        'speech',
        from(texts).pipe(toSpeech(speaker, { startDelay: 600 })),
        '300:<0 0a 0b 400:>0 600:<1 1c 700:1d 701:>1 |',
        { heard: 'heard' },
      );
    },
  );

  picture(
    'toSpeech-retry',
    {
      title: 'toSpeech(voice, { retry })',
      says: 'A failed utterance is tried again while none of its audio has been emitted; what follows waits for its turn.',
    },
    ({ source, operator, voice, speech }) => {
      const texts = source('texts', '(ab|)', { a: first, b: second });
      operator('toSpeech(voice, { retry: { count: 2, delay: 200, jitter: 0 } })');
      let call = 0;
      const speaker = voice(
        'synthesis',
        {
          ...spelling({}, 300),
          marbles: (text) =>
            text === second ? '100ms c 99ms d 99ms |' : call++ === 0 ? '200ms #' : '100ms a 99ms b 99ms |',
        },
        ['^ 199ms !', '^ 299ms !', '400ms ^ 299ms !'],
      );
      speech(
        'speech',
        texts.pipe(toSpeech(speaker, { retry: { count: 2, delay: 200, jitter: 0 } })),
        '500:<0 0a 600:0b 700:>0 <1 1c 1d >1 |',
        {
          heard: 'heard',
        },
      );
    },
  );
});
