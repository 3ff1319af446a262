import { concatMap, defer, delay, NEVER, of, tap } from 'rxjs';
import { describe } from 'vitest';
import { withValve, type Valve } from '../../../src/valve.js';
import { picture } from '../../support/picture.js';

describe('withValve', () => {
  picture(
    'withValve',
    {
      title: 'withValve({ high: 3, low: 1 }, (valve) => …)',
      says: 'A valve for each subscription: here each token counts until a slow consumer has dealt with it. The model is asked to wait, and nothing piles up in between.',
    },
    ({ model, operator, result, valve }) => {
      const words = { a: 'One', b: ' two', c: ' three', d: ' four', e: ' five', f: ' six' };
      const llm = model('model', { marbles: 'a 49ms b 49ms c 49ms d 49ms e 49ms (f|)', values: words }, [
        '^ 849ms !',
      ]);
      let gate: Valve | undefined;
      operator('tap(() => valve.add(1)), concatMap(slowly), tap(() => valve.remove(1))');
      const slowly = (token: string) => of(token).pipe(delay(200));
      result(
        'done',
        withValve({ high: 3, low: 1 }, (own) => {
          gate = own;
          return llm('Count.', { valve: own }).pipe(
            tap(() => own.add(1)),
            concatMap(slowly),
            tap(() => own.remove(1)),
          );
        }),
        '200ms a 199ms b 199ms c 199ms d 199ms e 199ms (f|)',
        words,
      );
      valve(
        defer(() => gate?.open$ ?? NEVER),
        'o 99ms c 299ms o 99ms c 299ms o',
      );
    },
  );
});
