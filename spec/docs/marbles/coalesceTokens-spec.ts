import { describe } from 'vitest';
import { coalesceTokens } from '../../../operators/coalesceTokens.js';
import { picture } from '../../support/picture.js';

describe('coalesceTokens', () => {
  picture(
    'coalesceTokens',
    {
      title: 'coalesceTokens(250)',
      says: 'The tokens of each window become one; an empty window emits nothing, and the end is not waited for.',
    },
    ({ source, operator, result }) => {
      const values = { a: 'The', b: ' sky', c: ' is', d: ' blue', e: ' today', f: '.' };
      const tokens = source('tokens', '50ms a 99ms b 99ms c 99ms d 499ms e 99ms (f|)', values);
      operator('coalesceTokens(250)');
      result(
        'joined',
        tokens.pipe(coalesceTokens(250)),
        '250ms x 249ms y 449ms (z|)',
        {
          x: 'The sky',
          y: ' is blue',
          z: ' today.',
        },
        { of: tokens },
      );
    },
  );
});
