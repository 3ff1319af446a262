import { describe } from 'vitest';
import { fallbackChain } from '../../../operators/fallbackChain.js';
import { createModelHealth } from '../../../operators/modelHealth.js';
import { ConnectionError } from '../../../src/errors.js';
import { picture } from '../../support/picture.js';

const tokens = (first: number) => [
  { text: 'The sky', at: first },
  { text: ' is', after: 100 },
  { text: ' blue.', after: 100 },
];

describe('fallbackChain', () => {
  picture(
    'fallbackChain',
    {
      title: 'fallbackChain([a, b, c], prompt)',
      says: 'The next model is asked where one fails: with the whole prompt while nothing has been said, else for exactly what follows.',
    },
    ({ model, operator, result }) => {
      const error = new ConnectionError('reset');
      const a = model('a', { tokens: tokens(100), failAfter: 0, error, firstTokenAfter: 200 }, ['^ 199ms !']);
      const b = model('b', { tokens: tokens(100), failAfter: 2, error }, ['200ms ^ 199ms !']);
      const c = model('c', { tokens: tokens(100) }, ['400ms ^ 99ms !']);
      operator('fallbackChain([a, b, c], prompt)');
      result(
        'reply',
        fallbackChain([a, b, c], 'Why?', { health: createModelHealth() }),
        '300ms x 99ms y 99ms (z|)',
        {
          x: 'The sky',
          y: ' is',
          z: ' blue.',
        },
      );
    },
  );

  picture(
    'fallbackChain-hedgeAfter',
    {
      title: 'fallbackChain([a, b], prompt, { hedgeAfter: 300 })',
      says: 'Without a first token after 300 ms the next model is asked as well. The first to speak wins; the other request is aborted.',
    },
    ({ model, operator, result }) => {
      const a = model('a', { tokens: tokens(900) }, ['^ 499ms !']);
      const b = model('b', { tokens: tokens(200) }, ['300ms ^ 399ms !']);
      operator('fallbackChain([a, b], prompt, { hedgeAfter: 300 })');
      result(
        'reply',
        fallbackChain([a, b], 'Why?', { hedgeAfter: 300, health: createModelHealth() }),
        '500ms x 99ms y 99ms (z|)',
        {
          x: 'The sky',
          y: ' is',
          z: ' blue.',
        },
      );
    },
  );
});
