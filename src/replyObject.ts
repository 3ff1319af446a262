import { MalformedReplyError } from './errors.js';

/**
 * A text as a JSON object.
 *
 * @throws MalformedReplyError when it is anything else.
 */
export function replyObject(provider: string, text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new MalformedReplyError(`${provider}: the reply is not JSON: ${text.slice(0, 100)}`, {
      provider,
      cause,
    });
  }
  if (typeof value !== 'object' || value === null) {
    throw new MalformedReplyError(`${provider}: the reply is not an object: ${text.slice(0, 100)}`, {
      provider,
    });
  }
  return value;
}
