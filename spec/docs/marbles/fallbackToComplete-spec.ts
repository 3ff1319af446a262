import { describe } from 'vitest';
import { fallbackToComplete } from '../../../operators/fallbackToComplete.js';
import { ConnectionError } from '../../../src/errors.js';
import { picture } from '../../support/picture.js';

const error = new ConnectionError('reset');
const broken = {
  tokens: [
    { text: 'The ', at: 100 },
    { text: 'sky ', at: 200 },
    { text: 'is blue.', at: 300 },
  ],
  failAfter: 2,
  error,
};

describe('fallbackToComplete', () => {
  picture(
    'fallbackToComplete',
    {
      title: "fallbackToComplete(complete, { expects: 'continuation' })",
      says: 'When the stream breaks off, the regular call is asked once for exactly what follows: no word is lost, none said twice.',
    },
    ({ model, operator, result }) => {
      const llama = model('llama', broken, ['^ 199ms !', '200ms ^ 99ms !']);
      operator("fallbackToComplete((partial) => llama.complete(…), { expects: 'continuation' })");
      result(
        'reply',
        llama('Why?').pipe(
          fallbackToComplete((partial) => llama.complete('Why?', { continueFrom: partial }), {
            expects: 'continuation',
          }),
        ),
        '100ms a 99ms b 99ms (c|)',
        { a: 'The ', b: 'sky ', c: 'is blue.' },
      );
    },
  );

  picture(
    'fallbackToComplete-whole',
    {
      title: "fallbackToComplete(complete, { expects: 'whole' })",
      says: 'A second telling that begins anew is compared with what has been said, and only what follows is emitted, as soon as it can be told.',
    },
    ({ source, operator, result }) => {
      const stream = source('stream', '100ms a 99ms b 99ms #', { a: 'The sky', b: ' is bl' }, { error });
      operator("fallbackToComplete(complete, { expects: 'whole' })");
      const second = source('complete', '100ms a 99ms b 99ms (c|)', {
        a: 'The sky ',
        b: 'is blue,',
        c: ' by day.',
      });
      result(
        'reply',
        stream.pipe(fallbackToComplete(() => second, { expects: 'whole' })),
        '100ms a 99ms b 299ms c 99ms (d|)',
        {
          a: 'The sky',
          b: ' is bl',
          c: 'ue,',
          d: ' by day.',
        },
      );
    },
  );
});
