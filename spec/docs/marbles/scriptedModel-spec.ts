import { describe } from 'vitest';
import { scriptedModel } from '../../../providers/scripted/index.js';
import { picture } from '../../support/picture.js';

describe('scriptedModel', () => {
  picture(
    'scriptedModel',
    {
      title: 'scriptedModel(…)',
      says: 'A model that says what it is told, when it is told: as text at a pace, or as marbles with all times of their own.',
    },
    ({ operator, result }) => {
      operator("scriptedModel({ text: 'The sky is blue.', tokensPerSecond: 10, firstTokenAfter: 300 })");
      result(
        'tokens',
        scriptedModel({ text: 'The sky is blue.', tokensPerSecond: 10, firstTokenAfter: 300 })('Why?'),
        '300ms a 99ms b 99ms c 99ms (d|)',
        { a: 'The', b: ' sky', c: ' is', d: ' blue.' },
      );
      operator("scriptedModel({ marbles: '100ms a 299ms b 199ms #', values: { a: 'The', b: ' sky' } })");
      result(
        'tokens',
        scriptedModel({
          marbles: '100ms a 299ms b 199ms #',
          values: { a: 'The', b: ' sky' },
          error: 'ConnectionError',
        })('Why?'),
        '100ms a 299ms b 199ms #',
        { a: 'The', b: ' sky' },
        { tone: () => 1, error: 'ConnectionError' },
      );
    },
  );
});
