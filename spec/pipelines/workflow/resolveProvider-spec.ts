import { describe, expect, it } from 'vitest';
import { resolveProvider } from '../../../pipelines/workflow/resolveProvider.js';

interface Made {
  readonly provider: string;
  readonly name?: string | undefined;
}

const ready: Made = { provider: 'own' };
const make = (name?: string): Made => ({ provider: 'made', name });
const environment = (provider: string, name?: string): Made => ({
  provider: provider === 'auto' ? 'ollama' : provider,
  name,
});

describe('resolveProvider', () => {
  it('takes what the host has under the name, made for the model where it is a factory', () => {
    expect(resolveProvider({ a: ready }, 'a', 'x', environment)).toBe(ready);
    expect(resolveProvider({ a: make }, 'a', 'x', environment)).toEqual({ provider: 'made', name: 'x' });
  });

  it('asks the environment for everything else, also for the names that objects have by themselves', () => {
    for (const name of ['b', 'constructor', '__proto__'])
      expect(resolveProvider({ a: ready }, name, 'x', environment)).toEqual({ provider: name, name: 'x' });
  });

  it('takes for no name the only one, else the own one of what the environment would choose', () => {
    expect(resolveProvider({ a: ready }, 'auto', undefined, environment)).toBe(ready);
    expect(resolveProvider({ a: make, auto: ready }, 'auto', undefined, environment)).toBe(ready);
    expect(resolveProvider({ a: make, ollama: ready }, 'auto', undefined, environment)).toBe(ready);
    expect(resolveProvider({ a: make, b: ready }, 'auto', 'x', environment)).toEqual({
      provider: 'ollama',
      name: 'x',
    });
  });
});
