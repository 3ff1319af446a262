import { describe } from 'vitest';
import { bufferSentences } from '../../../operators/bufferSentences.js';
import { picture } from '../../support/picture.js';
import { valveOf } from '../../support/valveOf.js';

/** A token each 100 ms, as a model on a laptop gives them. */
const words = {
  a: 'The',
  b: ' sky',
  c: ' is',
  d: ' blue',
  e: ' today.',
  f: ' Air',
  g: ' scatters',
  h: ' light.',
  i: ' Red',
  j: ' goes',
  k: ' on.',
  l: ' Yes',
};
const steady = Object.keys(words).join(' 99ms ') + ' 99ms |';

describe('bufferSentences', () => {
  picture(
    'bufferSentences',
    {
      title: 'bufferSentences()',
      says: 'A sentence end is proved by what follows it. The first sentence leaves alone, so that speech starts soon; then they leave in twos. The pale bar is how long a chunk has been gathered.',
    },
    ({ source, operator, result }) => {
      const tokens = source('tokens', steady, words);
      operator('bufferSentences()');
      result(
        'chunks',
        tokens.pipe(bufferSentences()),
        '500ms x 599ms y 99ms (z|)',
        {
          x: 'The sky is blue today. ',
          y: 'Air scatters light. Red goes on. ',
          z: 'Yes',
        },
        { of: tokens },
      );
    },
  );

  picture(
    'bufferSentences-fastStart',
    {
      title: 'bufferSentences({ fastStart })',
      says: 'The same tokens, the first chunk early, after a clause already, or like every other.',
    },
    ({ source, operator, result }) => {
      const values = {
        a: 'In the evening,',
        b: ' light goes a long way.',
        c: ' Blue is lost.',
        d: ' Red stays.',
      };
      const tokens = source('tokens', 'a 299ms b 299ms c 299ms d 299ms |', values);
      operator('bufferSentences()');
      result(
        'chunks',
        tokens.pipe(bufferSentences()),
        '600ms x 599ms (y|)',
        {
          x: 'In the evening, light goes a long way. ',
          y: 'Blue is lost. Red stays.',
        },
        { of: tokens },
      );
      operator("bufferSentences({ fastStart: 'clause', minChunkLength: 10 })");
      result(
        'chunks',
        tokens.pipe(bufferSentences({ fastStart: 'clause', minChunkLength: 10 })),
        '300ms x 599ms y 299ms (z|)',
        {
          x: 'In the evening, ',
          y: 'light goes a long way. Blue is lost. ',
          z: 'Red stays.',
        },
        { of: tokens },
      );
      operator('bufferSentences({ fastStart: false })');
      result(
        'chunks',
        tokens.pipe(bufferSentences({ fastStart: false })),
        '900ms x 299ms (y|)',
        {
          x: 'In the evening, light goes a long way. Blue is lost. ',
          y: 'Red stays.',
        },
        { of: tokens },
      );
    },
  );

  picture(
    'bufferSentences-quietTime',
    {
      title: 'bufferSentences({ quietTime: 50 })',
      says: 'Silence proves a sure end: 50 ms after a question mark, longer after a full stop when tokens come slowly, never after an abbreviation.',
    },
    ({ source, operator, result }) => {
      const each = { sentenceBufferSize: 1, minChunkLength: 1 };
      const values = { a: 'Really?', b: ' Ask Dr.', c: ' Who?', d: ' See', e: ' example.', f: 'com now' };
      const tokens = source('tokens', 'a 199ms b 399ms c 199ms d 199ms e 199ms f 99ms |', values);
      operator('bufferSentences({ sentenceBufferSize: 1, minChunkLength: 1 })');
      result(
        'chunks',
        tokens.pipe(bufferSentences(each)),
        '50ms x 599ms y 649ms (z|)',
        {
          x: 'Really?',
          y: ' Ask Dr. Who?',
          z: ' See example.com now',
        },
        { of: tokens },
      );
    },
  );

  picture(
    'bufferSentences-maxBufferTime',
    {
      title: 'bufferSentences({ maxBufferTime: 3000 })',
      says: 'No character waits longer: after 3 s the text is cut at the last sentence, else at a clause, else at a word. What remains keeps its own time of arrival.',
    },
    ({ source, operator, result }) => {
      const tokens = source('tokens', 'a 99ms b 4s |', { a: 'Yes. ', b: 'The sky is blue because light' });
      operator('bufferSentences({ fastStart: false })');
      result(
        'chunks',
        tokens.pipe(bufferSentences({ fastStart: false })),
        '3s x 99ms y 1s (z|)',
        {
          x: 'Yes. ',
          y: 'The sky is blue because ',
          z: 'light',
        },
        { of: tokens },
      );
    },
  );

  picture(
    'bufferSentences-valve',
    {
      title: 'bufferSentences({ valve })',
      says: 'While the valve is closed the clocks stand still: a pause that we caused proves no end and tears no sentence.',
    },
    ({ cold, source, operator, result, valve }) => {
      const tokens = source('tokens', 'a 2599ms b 99ms c 299ms |', {
        a: 'It is so because',
        b: ' air scatters',
        c: ' light. ',
      });
      const gate = valveOf(cold('200ms c 2299ms o', { c: false, o: true }));
      valve(gate.open$, 'o 199ms c 2299ms o');
      operator('bufferSentences({ maxBufferTime: 1000, valve })');
      result(
        'chunks',
        tokens.pipe(bufferSentences({ maxBufferTime: 1000, valve: gate })),
        '3s (x|)',
        {
          x: 'It is so because air scatters light. ',
        },
        { of: tokens },
      );
      operator('bufferSentences({ maxBufferTime: 1000 })');
      result(
        'chunks',
        tokens.pipe(bufferSentences({ maxBufferTime: 1000 })),
        '1s w 999ms x 999ms (y|)',
        {
          w: 'It is so ',
          x: 'because',
          y: ' air scatters light. ',
        },
        { of: tokens },
      );
    },
  );
});
