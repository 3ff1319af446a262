import fc from 'fast-check';
import { map, timer } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { StepHandler } from '../../../pipelines/index.js';
import { timeline } from './timeline.js';
import { brief, virtualRun } from './virtualRun.js';

const after: StepHandler = ({ config }) =>
  timer(Number(config['ms'])).pipe(
    map(() => {
      if (config['fail'] === true) throw new Error('no');
      return { value: 1 };
    }),
  );

/** Steps in any order in the file, each waiting for some of those that come before it in another order. */
const anyWorkflow = fc.integer({ min: 1, max: 9 }).chain((count) =>
  fc.record({
    places: fc.shuffledSubarray(
      Array.from({ length: count }, (_, index) => index),
      { minLength: count },
    ),
    limit: fc.integer({ min: 1, max: 4 }),
    steps: fc.tuple(
      ...Array.from({ length: count }, (_, index) =>
        fc.record({
          ms: fc.nat(5),
          fail: fc.boolean(),
          before: fc.subarray(Array.from({ length: index }, (__, other) => other)),
        }),
      ),
    ),
  }),
);

describe('any workflow', () => {
  it('starts each step once, when all that it waits for has ended, and no more at a time than allowed', () => {
    fc.assert(
      fc.property(anyWorkflow, ({ places, limit, steps }) => {
        const definition = steps.map(({ ms, fail, before }, index) => ({
          id: `s${index}`,
          type: 'after',
          config: { ms, fail },
          on_error: 'continue',
          depends_on: before.map((other) => `s${other}`),
        }));
        const inFile = places.map((place) => definition[place]);
        const lines = timeline(() =>
          brief(virtualRun(inFile, { handlers: { after }, maxConcurrency: limit })),
        ).map((line) => line.split(' ')[1] ?? '');

        expect(lines.at(-1)).toBe('|');
        const ended = new Set<string>();
        const begun = new Set<string>();
        for (const line of lines) {
          const id = /^s\d+/.exec(line)?.[0];
          if (id === undefined) continue;
          if (line.endsWith('<')) {
            expect(begun.has(id)).toBe(false);
            begun.add(id);
            for (const other of steps[Number(id.slice(1))]?.before ?? [])
              expect(ended).toContain(`s${other}`);
          }
          if (line.endsWith('>')) ended.add(id);
          expect(begun.size - ended.size).toBeLessThanOrEqual(limit);
        }
        expect(ended.size).toBe(steps.length);
        expect(begun.size).toBe(steps.length);
      }),
      { numRuns: 200 },
    );
  });

  it('ends at the first failure that may not be passed over, with nothing after it', () => {
    fc.assert(
      fc.property(anyWorkflow, ({ steps, limit }) => {
        const definition = steps.map(({ ms, before }, index) => ({
          id: `s${index}`,
          type: 'after',
          config: { ms, fail: index === steps.length - 1 },
          depends_on: before.map((other) => `s${other}`),
        }));
        const lines = timeline(() =>
          brief(virtualRun(definition, { handlers: { after }, maxConcurrency: limit })),
        );
        expect(lines.at(-1)).toMatch(/ # step "s\d+"/);
        expect(lines.at(-2)).toMatch(new RegExp(`s${steps.length - 1}!fail$`));
      }),
      { numRuns: 100 },
    );
  });
});
