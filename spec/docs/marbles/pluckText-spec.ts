import { describe } from 'vitest';
import { pluckText } from '../../../operators/pluckText.js';
import { picture } from '../../support/picture.js';

describe('pluckText', () => {
  picture(
    'pluckText',
    {
      title: "pluckText('answer')",
      says: 'One string field of a streamed JSON reply, as it grows: it can be spoken while the rest is still coming.',
    },
    ({ source, operator, result }) => {
      const values = {
        a: '{"mood":"glad","an',
        b: 'swer":"The sky',
        c: ' is \\"blu',
        d: 'e\\".","n":',
        e: '2}',
      };
      const tokens = source('JSON', 'a 149ms b 149ms c 149ms d 149ms e|', values);
      operator("pluckText('answer')");
      result('text', tokens.pipe(pluckText('answer')), '150ms a 149ms b 149ms c 150ms |', {
        a: 'The sky',
        b: ' is "blu',
        c: 'e".',
      });
    },
  );
});
