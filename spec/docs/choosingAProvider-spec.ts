import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { azureSpeech } from '../../providers/azure-speech/index.js';
import { flite } from '../../providers/flite/index.js';
import { openaiSpeech } from '../../providers/openai/index.js';
import { webSpeech } from '../../providers/web-speech/index.js';
import { xtts } from '../../providers/xtts/index.js';
import type { Voice } from '../../src/index.js';
import { chatWires } from '../providers/chatWires.js';

const read = (file: string) => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const guide = read('docs/choosing-a-provider.md');

/** The rows of the table under a heading, by their first cell, each by the names of its columns. */
function table(heading: string): Map<string, Record<string, string>> {
  const [, section = ''] = new RegExp(`^## ${heading}\\n([^]*?)(?=^## |$(?![^]))`, 'm').exec(guide) ?? [];
  const [head = [], , ...rows] = section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  return new Map(
    rows.map((cells) => [
      cells[0]!.replaceAll('`', ''),
      Object.fromEntries(head.map((name, index) => [name.replaceAll('`', ''), cells[index] ?? ''])),
    ]),
  );
}

describe('the table of models', () => {
  const models = table('Models');
  const [, bundled = ''] = /it\.each\(\[([^\]]*)\]/.exec(read('spec/house/browserProviders-spec.ts')) ?? [];

  it('has the models whose protocols are tested, and the one without a protocol', () => {
    expect([...models.keys()].sort()).toEqual([...chatWires.map(({ name }) => name), 'llama-cpp'].sort());
  });

  it.each(chatWires)('says of $name what its conformance suite is told', (wire) => {
    const row = models.get(wire.name)!;
    const refused = (name: 'tools' | 'reasoning' | 'schema' | 'seed') =>
      wire.unsupported?.[name] !== undefined;
    expect(row).toMatchObject({
      reasoning: wire.reasoning && !refused('reasoning') ? 'yes' : 'no',
      tools: wire.toolCalls && !refused('tools') ? 'yes' : 'no',
      'structured output': refused('schema') ? 'no' : 'yes',
      continueFrom: wire.continuation === 'prefill' ? 'prefilled' : 'asked',
      'valve reaches the socket': wire.backpressure === false ? 'no' : 'yes',
      browser: bundled.includes(`'${wire.name}'`) ? 'yes' : 'untested',
    });
    if (refused('seed')) expect(guide).toContain(`\`seed\` for \`${wire.name}\``);
  });

  it('names the versions that are installed here', () => {
    const { devDependencies } = JSON.parse(read('package.json')) as {
      devDependencies: Record<string, string>;
    };
    for (const [name, { 'tested against': tested = '' }] of models) {
      if (name === 'llama-cpp') continue;
      const [, sdk = ''] = /`(.*)`/.exec(tested) ?? [];
      const versions = Object.entries(devDependencies)
        .filter(([name, range]) => name === sdk || range.startsWith(`npm:${sdk}@`))
        .map(
          ([name]) => (JSON.parse(read(`node_modules/${name}/package.json`)) as { version: string }).version,
        )
        .map((version) => version.split('.').slice(0, 2).join('.'));
      expect(tested.replace(/`.*` /, '').split(', ').sort(), name).toEqual(versions.sort());
    }
  });
});

describe('the table of voices', () => {
  const voices: readonly (readonly [string, string, Voice])[] = [
    ['flite', 'flite', flite()],
    ['openai', 'openaiSpeech', openaiSpeech({ apiKey: 'none' })],
    ['azure-speech', 'azureSpeech', azureSpeech({ apiKey: 'none', region: 'none' })],
    ['xtts', 'xtts', xtts()],
    ['web-speech', 'webSpeech', webSpeech()],
  ];
  const rows = table('Voices');

  it('has them all', () => {
    expect([...rows.keys()].sort()).toEqual(voices.map(([provider]) => provider).sort());
  });

  it.each(voices)('says of %s what is so', (provider, name, voice) => {
    const row = rows.get(provider)!;
    expect(row['export']).toBe(`\`${name}\``);
    expect(row['audio']).toBe(
      voice.format === null ? 'plays by itself' : `PCM, ${voice.format.sampleRate / 1000} kHz`,
    );
    expect(row['at once']).toBe(
      voice.maxConcurrency === undefined
        ? 'any number'
        : provider === 'flite'
          ? 'its threads'
          : String(voice.maxConcurrency),
    );
    const [least = 0, greatest = least] = (row['rate'] ?? '').split(' to ').map(Number);
    const speaks = (rate: number) => () => voice('Hello', { rate });
    for (const rate of [least, greatest]) expect(speaks(rate), String(rate)).not.toThrow();
    for (const rate of [least - 0.01, greatest + 0.01]) expect(speaks(rate), String(rate)).toThrow(TypeError);
  });
});
