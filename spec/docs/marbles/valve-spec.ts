import { merge, tap, ignoreElements } from 'rxjs';
import { describe } from 'vitest';
import { createValve } from '../../../src/valve.js';
import { picture } from '../../support/picture.js';

describe('createValve', () => {
  picture(
    'createValve',
    {
      title: 'createValve({ high: 3, low: 1 })',
      says: 'Closed at three outstanding or more, open again at one or less: between the two it stays as it is, so that it does not flutter.',
    },
    ({ source, operator, result, valve }) => {
      const gate = createValve({ high: 3, low: 1 });
      const added = source('add', '100ms a 99ms a 99ms a 499ms a', { a: '1' });
      const removed = source('remove', '400ms a 99ms a 99ms a', { a: '1' });
      operator('createValve({ high: 3, low: 1 })');
      result(
        'open$',
        merge(
          gate.open$,
          added.pipe(
            tap((amount) => gate.add(Number(amount))),
            ignoreElements(),
          ),
          removed.pipe(
            tap((amount) => gate.remove(Number(amount))),
            ignoreElements(),
          ),
        ),
        'o 299ms c 199ms o',
        { o: true, c: false },
        { text: (open) => (open ? 'open' : 'closed'), tone: (open) => (open ? 1 : 2) },
      );
      valve(gate.open$, 'o 299ms c 199ms o');
    },
  );
});
