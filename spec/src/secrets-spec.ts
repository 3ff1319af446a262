import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { redactor, secretsOfHeaders, secretsOfUrl } from '../../src/secrets.js';

const secret = 'sk-a/b+c "d"';

describe('redactor', () => {
  const { text, clean } = redactor([secret, undefined, '', 'abc']);

  it('replaces a secret as it is, in a URL, and in JSON', () => {
    expect(text(`key ${secret}!`)).toBe('key [redacted]!');
    expect(text(`?key=${encodeURIComponent(secret)}&x`)).toBe('?key=[redacted]&x');
    expect(text(JSON.stringify({ secret }))).toBe('{"secret":"[redacted]"}');
  });

  it('leaves words alone that are too short to be secrets', () => {
    expect(text('abc')).toBe('abc');
  });

  it('replaces the longer of two secrets first', () => {
    expect(redactor(['secret', 'secret-longer']).text('secret-longer')).toBe('[redacted]');
  });

  it('cleans an error in place: message, stack, cause, headers, bodies, cycles, bytes', () => {
    class SdkError extends Error {
      readonly headers = new Headers({
        authorization: `Bearer ${encodeURIComponent(secret)}`,
        other: 'kept',
      });
      readonly response = new Response(secret);
      readonly request = {
        body: { nested: [secret] },
        url: new URL(`http://host/?key=${encodeURIComponent(secret)}`),
      };
      readonly bytes = new TextEncoder().encode(secret);
      self: unknown = this;
    }
    const error = new SdkError(`refused ${secret}`, {
      cause: new AggregateError([new Error(secret)], secret),
    });
    const cleaned = clean(error);
    expect(cleaned).toBe(error);
    expect(cleaned).toBeInstanceOf(SdkError);
    expect(cleaned.message).toBe('refused [redacted]');
    expect(cleaned.headers.get('other')).toBe('kept');
    const whole = inspect(cleaned, { depth: 20, showHidden: true });
    for (const spelling of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
      expect(whole).not.toContain(spelling);
    }
  });

  it('leaves an error untouched that holds none', () => {
    const details = { code: 7, list: [1] };
    const error = Object.assign(new Error('plain'), { code: 'ECONNREFUSED' });
    const { stack } = error;
    clean(error);
    expect(error).toMatchObject({ message: 'plain', stack, code: 'ECONNREFUSED' });
    expect(clean(details)).toEqual(details);
    expect(clean<unknown>(undefined)).toBeUndefined();
  });

  it('cleans a copy of what is frozen', () => {
    const error = clean(Object.freeze(new TypeError(secret)));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toBe('[redacted]');
    expect(inspect(error, { showHidden: true })).not.toContain(secret);
  });
});

describe('secrets of a client', () => {
  it('are in its URL', () => {
    expect(secretsOfUrl('http://me:p%40ss@host/?api_key=topsecret&page=2')).toEqual(
      expect.arrayContaining(['p%40ss', 'p@ss', btoa('me:p@ss'), 'topsecret']),
    );
    expect(secretsOfUrl('http://host/?page=2')).toEqual([]);
    expect(secretsOfUrl('not a url')).toEqual([]);
  });

  it('are in the headers that authenticate', () => {
    const expected = ['Bearer abcdef', 'abcdef'];
    expect(secretsOfHeaders({ Authorization: 'Bearer abcdef', accept: 'text/plain' })).toEqual(expected);
    expect(secretsOfHeaders(new Headers({ Authorization: 'Bearer abcdef' }))).toEqual(expected);
    expect(secretsOfHeaders([['x-api-key', 'abcdef']])).toContain('abcdef');
    expect(secretsOfHeaders(undefined)).toEqual([]);
  });
});
