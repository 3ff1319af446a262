import { describe, expect, it } from 'vitest';
import {
  AloudError,
  AuthenticationError,
  ConnectionError,
  MalformedReplyError,
  OverloadedError,
  ProviderError,
  RateLimitError,
  ReplyDivergedError,
  SpeechError,
  StalledReplyError,
  TruncatedReplyError,
  WorkflowError,
} from '../../src/index.js';

describe('errors', () => {
  it.each([
    [new ProviderError('no', { provider: 'p', status: 404 }), 'ProviderError', false],
    [new ProviderError('no', { status: 400 }), 'ProviderError', false],
    [new ProviderError('no', { status: 408 }), 'ProviderError', true],
    [new ProviderError('no', { status: 409 }), 'ProviderError', true],
    [new ProviderError('no', { status: 500 }), 'ProviderError', true],
    [new AuthenticationError('no', { status: 401 }), 'AuthenticationError', false],
    [new RateLimitError('no', { retryAfter: 1500 }), 'RateLimitError', true],
    [new OverloadedError('no', { status: 529 }), 'OverloadedError', true],
    [new TruncatedReplyError('no', { partial: 'Hel' }), 'TruncatedReplyError', true],
    [new MalformedReplyError('no'), 'MalformedReplyError', true],
    [new StalledReplyError('no'), 'StalledReplyError', true],
    [new ConnectionError('no'), 'ConnectionError', true],
    [new ReplyDivergedError('no', { partial: 'a', reply: 'b' }), 'ReplyDivergedError', false],
    [new SpeechError('no', { utterance: 'Hi.' }), 'SpeechError', true],
    [new WorkflowError('no', { path: 'steps[0].id' }), 'WorkflowError', false],
  ])('%s is told by its name and says whether to try again', (error, name, retryable) => {
    expect(error).toBeInstanceOf(AloudError);
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe(name);
    expect(error.retryable).toBe(retryable);
    expect(String(error)).toBe(`${name}: no`);
  });

  it('keeps its cause, and has none when none was given', () => {
    const cause = new Error('socket hang up');
    expect(new ConnectionError('lost', { cause }).cause).toBe(cause);
    expect('cause' in new ConnectionError('lost')).toBe(false);
  });

  it('carries what a handler needs', () => {
    expect(new RateLimitError('no', { retryAfter: 1500 })).toMatchObject({ status: 429, retryAfter: 1500 });
    expect(new TruncatedReplyError('no', { partial: 'Hel' }).partial).toBe('Hel');
    expect(new SpeechError('no', { utterance: 'Hi.' }).utterance).toBe('Hi.');
    expect(new WorkflowError('no', { path: 'steps[0].id' }).path).toBe('steps[0].id');
    expect(new ProviderError('no').provider).toBe('unknown');
  });
});
