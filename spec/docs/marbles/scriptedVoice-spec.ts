import { filter, map } from 'rxjs';
import { describe } from 'vitest';
import { scriptedVoice } from '../../../providers/scripted/index.js';
import { picture } from '../../support/picture.js';

describe('scriptedVoice', () => {
  picture(
    'scriptedVoice',
    {
      title: 'scriptedVoice({ latency: 100, msPerWord: 300, realTimeFactor: 0.5 })',
      says: 'A voice that hums a word at a time, here twice as fast as it is played: the words as they are synthesized.',
    },
    ({ operator, result }) => {
      const voice = scriptedVoice({ latency: 100, msPerWord: 300, realTimeFactor: 0.5 });
      operator("voice('The sky is blue')");
      result(
        'words',
        voice('The sky is blue').pipe(
          filter((event) => event.type === 'word'),
          map(({ text, offset, duration }) => `${text} ${offset}..${offset + duration}`),
        ),
        '100ms a 149ms b 149ms c 149ms d 149ms |',
        { a: 'The 0..300', b: 'sky 300..600', c: 'is 600..900', d: 'blue 900..1200' },
      );
      result(
        'audio',
        voice('The sky is blue').pipe(
          filter((event) => event.type === 'audio'),
          map(({ data }) => `${data.byteLength} bytes`),
        ),
        '100ms a 149ms a 149ms a 149ms a 149ms |',
        { a: '9600 bytes' },
        { tone: () => 1 },
      );
    },
  );
});
