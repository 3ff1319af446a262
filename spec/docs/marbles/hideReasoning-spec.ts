import { describe } from 'vitest';
import { hideReasoning } from '../../../operators/hideReasoning.js';
import { picture } from '../../support/picture.js';

describe('hideReasoning', () => {
  picture(
    'hideReasoning',
    {
      title: 'hideReasoning()',
      says: 'Reasoning is dropped, however its tags are cut across tokens. Text goes on at once, but for an end that may be the beginning of a tag.',
    },
    ({ source, operator, result }) => {
      const values = {
        a: '<th',
        b: 'ink>Hm',
        c: 'm.</thi',
        d: 'nk>',
        e: "It's 2 <",
        f: ' 3, so',
        g: ' yes.',
      };
      const tokens = source('tokens', 'a 99ms b 99ms c 99ms d 99ms e 99ms f 99ms (g|)', values);
      operator('hideReasoning()');
      result('text', tokens.pipe(hideReasoning()), '400ms x 99ms y 99ms (z|)', {
        x: "It's 2 ",
        y: '< 3, so',
        z: ' yes.',
      });
    },
  );
});
