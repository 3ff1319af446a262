import { defer, map, tap } from 'rxjs';
import { describe } from 'vitest';
import { publishTo } from '../../../operators/publishTo.js';
import { memoryRelay } from '../../../src/memoryRelay.js';
import type { RelayEntry } from '../../../src/relay.js';
import { picture } from '../../support/picture.js';

const text = map(({ value }: RelayEntry<string>) => value);

describe('publishTo', () => {
  picture(
    'publishTo',
    {
      title: 'publishTo(relay, id), relay.replay(id, { after })',
      says: 'One producer, any number of listeners: from the beginning, late with everything so far at once, or again after the last entry that had arrived when the connection broke.',
    },
    ({ source, operator, result }) => {
      const relay = memoryRelay();
      const values = { a: 'The', b: ' sky', c: ' is', d: ' blue', e: '.' };
      const tokens = source('tokens', '100ms a 99ms b 99ms c 99ms d 99ms e 99ms |', values);
      operator("publishTo(relay, 'reply-1')");
      result(
        'published',
        tokens.pipe(publishTo(relay, 'reply-1')),
        '100ms a 99ms b 99ms c 99ms d 99ms e 99ms |',
        values,
      );
      operator("relay.replay('reply-1', { after })");
      result(
        'listener',
        relay.replay<string>('reply-1').pipe(text),
        '100ms a 99ms b 99ms c 99ms d 99ms e 99ms |',
        values,
        { tone: () => 1 },
      );
      result('late', relay.replay<string>('reply-1').pipe(text), '350ms (abc) 45ms d 99ms e 99ms |', values, {
        until: '350ms ^',
        tone: () => 2,
      });
      let cursor = '';
      const remember = tap((entry: RelayEntry<string>) => (cursor = entry.cursor));
      result('cut off', relay.replay<string>('reply-1').pipe(remember, text), '100ms a 99ms b', values, {
        until: '^ 229ms !',
        tone: () => 3,
      });
      result(
        'again',
        defer(() => relay.replay<string>('reply-1', { after: cursor })).pipe(text),
        '430ms (cd) 66ms e 99ms |',
        values,
        { until: '430ms ^', tone: () => 3 },
      );
    },
  );
});
