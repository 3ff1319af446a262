import { ESLint, Linter } from 'eslint';
import { describe, expect, it } from 'vitest';

/** What the repository's own lint configuration says about one import in a file of that name. */
async function verdict(file: string, from: string): Promise<string[]> {
  const config = (await new ESLint().calculateConfigForFile(file)) as { rules: Linter.RulesRecord };
  const rule = config.rules['no-restricted-imports'];
  const rules: Linter.RulesRecord = rule === undefined ? {} : { 'no-restricted-imports': rule };
  return new Linter().verify(`import '${from}';`, [{ rules }]).map((message) => message.message);
}

describe('arrows between the rooms', () => {
  it.each([
    ['src/valve.ts', '../operators/toSpeech.js'],
    ['src/valve.ts', '../providers/ollama/index.js'],
    ['src/valve.ts', '../pipelines/index.js'],
    ['src/valve.ts', 'node:fs'],
    ['src/valve.ts', 'fs/promises'],
    ['src/valve.ts', 'rx-aloud/operators'],
    ['operators/index.ts', '../providers/scripted/index.js'],
    ['operators/index.ts', '../pipelines/index.js'],
    ['operators/index.ts', './node/saveWav.js'],
    ['operators/index.ts', 'node:stream'],
    ['operators/index.ts', './opentelemetry/index.js'],
    ['operators/measure.ts', '@opentelemetry/api'],
    ['operators/opentelemetry/index.ts', '../../providers/scripted/index.js'],
    ['operators/opentelemetry/index.ts', 'node:fs'],
    ['operators/node/index.ts', '../../providers/scripted/index.js'],
    ['operators/node/index.ts', '../../pipelines/index.js'],
    ['providers/scripted/index.ts', '../../operators/index.js'],
    ['providers/scripted/index.ts', '../../pipelines/index.js'],
    ['providers/scripted/index.ts', 'rx-aloud'],
    ['pipelines/index.ts', '../examples/speak.js'],
    ['pipelines/index.ts', '../spec/support/marbles.js'],
    ['examples/speak.ts', '../src/index.js'],
    ['examples/web/server.ts', '../../dist/src/index.js'],
  ])('%s may not import %s', async (file, from) => {
    expect(await verdict(file, from)).not.toEqual([]);
  });

  it.each([
    ['src/valve.ts', 'rxjs'],
    ['src/valve.ts', './errors.js'],
    ['operators/index.ts', '../src/valve.js'],
    ['operators/opentelemetry/index.ts', '@opentelemetry/api'],
    ['operators/opentelemetry/index.ts', '../measure.js'],
    ['operators/node/index.ts', 'node:fs'],
    ['operators/node/index.ts', '../../src/valve.js'],
    ['operators/node/index.ts', '../toWav.js'],
    ['providers/scripted/index.ts', '../../src/valve.js'],
    ['providers/scripted/index.ts', 'node:http'],
    ['pipelines/index.ts', '../operators/index.js'],
    ['pipelines/index.ts', '../providers/scripted/index.js'],
    ['examples/speak.ts', 'rx-aloud/operators'],
  ])('%s may import %s', async (file, from) => {
    expect(await verdict(file, from)).toEqual([]);
  });
});
