import { afterEach, describe, expect, it, vi } from 'vitest';
import { debug, disableDebug, enableDebug } from '../../src/debug.js';

describe('debug', () => {
  const lines: unknown[] = [];
  const sink = (...line: unknown[]) => void lines.push(line);
  afterEach(() => {
    lines.length = 0;
    disableDebug();
  });

  it('is silent until it is turned on, for the namespaces that were asked for', () => {
    const log = debug('rx-aloud:ollama');
    expect(log.enabled).toBe(false);
    log('unheard');
    enableDebug('rx-aloud:*,-rx-aloud:flite', sink);
    expect(log.enabled).toBe(true);
    log('request', { model: 'llama3.2' });
    debug('rx-aloud:flite')('unheard');
    debug('rx-aloudness')('unheard');
    debug('other')('unheard');
    expect(lines).toEqual([['rx-aloud:ollama', 'request', { model: 'llama3.2' }]]);
  });

  it.each([
    ['*', true],
    ['rx-aloud:ollama', true],
    ['other rx-aloud:oll*', true],
    ['*:ollama', true],
    ['*,-rx-aloud:*', false],
    ['rx-aloud:openai', false],
    ['rx.aloud:ollama', false],
    ['', false],
  ])('the pattern %j is %s', (pattern, answer) => {
    enableDebug(pattern, sink);
    expect(debug('rx-aloud:ollama').enabled).toBe(answer);
  });

  it('goes back to what was before', () => {
    const first: string[] = [];
    enableDebug('*', (_, message) => void first.push(message));
    const off = enableDebug('*', sink);
    debug('a')('inner');
    off();
    debug('a')('outer');
    expect(first).toEqual(['outer']);
    expect(lines).toHaveLength(1);
  });

  it('prints on the error stream of the console', () => {
    const print = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    enableDebug();
    debug('rx-aloud:ollama')('finish', { ms: 12 });
    expect(print.mock.calls).toEqual([['rx-aloud:ollama finish {"ms":12}']]);
    print.mockRestore();
  });

  it('follows the environment', async () => {
    vi.stubEnv('DEBUG', 'rx-aloud:*');
    vi.resetModules();
    const fresh = await import('../../src/debug.js');
    expect(fresh.debug('rx-aloud:ollama').enabled).toBe(true);
    expect(fresh.debug('express').enabled).toBe(false);
    vi.unstubAllEnvs();
  });
});
