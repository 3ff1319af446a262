import { AuthenticationError, ConnectionError, OverloadedError, ProviderError } from '../../src/errors.js';
import { messageOf } from '../../src/providerFailure.js';
import type { Redactor } from '../../src/secrets.js';

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Whether Redis, or the client, refuses who asks: nothing that time heals. */
export function isRefused(error: unknown): boolean {
  return /^(WRONGPASS|NOAUTH|NOPERM|ERR AUTH|ERR invalid password|ERR Protocol error: unauthenticated)/.test(
    wordsOf(error),
  );
}

/** Whether a script has to be sent whole: the server was started anew, or never had it. */
export function isUnknownScript(error: unknown): boolean {
  return wordsOf(error).startsWith('NOSCRIPT');
}

/** Whether the command may not have been carried out, or its answer was lost, and it may be sent again. */
export function isPassing(error: unknown): boolean {
  if (isRefused(error) || error instanceof TypeError) return false;
  const words = wordsOf(error);
  // What a server says while it loads its data, fails over or moves slots.
  if (/^(LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|READONLY|MOVED|ASK|UNBLOCKED|BUSY )/.test(words))
    return true;
  // Any other answer is one: the same command would get it again.
  return !/^[A-Z]{2,} /.test(words);
}

/** The typed error of what a client has thrown, without secrets. */
export function redisFailure(error: unknown, { clean, text }: Redactor): ProviderError {
  if (error instanceof ProviderError) return error;
  const message = text(`redis: ${messageOf(error)}`);
  const options = { provider: 'redis', cause: clean(error) };
  if (isRefused(error)) return new AuthenticationError(message, options);
  if (/^(OOM|BUSY) /.test(wordsOf(error))) return new OverloadedError(message, options);
  return isPassing(error) ? new ConnectionError(message, options) : new ProviderError(message, options);
}
