import { defer } from 'rxjs';
import { describe } from 'vitest';
import { retryBeforeFirstToken } from '../../../operators/retryBeforeFirstToken.js';
import { OverloadedError } from '../../../src/errors.js';
import { picture } from '../../support/picture.js';

describe('retryBeforeFirstToken', () => {
  picture(
    'retryBeforeFirstToken',
    {
      title: 'retryBeforeFirstToken({ delay: 200 })',
      says: 'A request that fails before its first token is made again, after pauses that double. Once something has been said, a failure goes on down.',
    },
    ({ source, operator, result }) => {
      const error = new OverloadedError('busy', { provider: 'demo', status: 503 });
      const attempts = [
        source('first', '100ms #', {}, { error, subscriptions: ['^ 99ms !'] }),
        source('second', '100ms #', {}, { error, subscriptions: ['300ms ^ 99ms !'] }),
        source(
          'third',
          '100ms a 99ms b 99ms #',
          { a: 'The sky', b: ' is' },
          { error, subscriptions: ['800ms ^ 299ms !'] },
        ),
      ];
      let attempt = 0;
      operator('retryBeforeFirstToken({ count: 3, delay: 200, jitter: 0 })');
      result(
        'reply',
        defer(() => attempts[attempt++] ?? []).pipe(
          retryBeforeFirstToken({ count: 3, delay: 200, jitter: 0 }),
        ),
        '900ms a 99ms b 99ms #',
        { a: 'The sky', b: ' is' },
        { error },
      );
    },
  );
});
