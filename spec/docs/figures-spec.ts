import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { drawFigures } from '../../scripts/figures/drawFigures.js';
import { figuresTable, withFigures } from '../../scripts/figures/figuresTable.js';
import { told, type Figures } from '../../scripts/figures/figure.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFileSync(root + file, 'utf8');
const figures = JSON.parse(read('docs/figures/bench.json')) as Figures;

describe('figures', () => {
  it('are in the README as they were measured', async () => {
    const readme = read('README.md');
    const path = `${root}README.md`;
    const written = await format(withFigures(readme, figures), {
      ...(await resolveConfig(path)),
      filepath: path,
    });
    expect(readme).toBe(written);
  });

  it('are drawn as they were measured', () => {
    expect(read('docs/figures/bench.svg')).toBe(drawFigures(figures));
  });

  it('say what they are and where they are from', () => {
    for (const [name, { machine, figures: its }] of Object.entries(figures)) {
      expect(machine, name).toEqual({
        node: expect.stringMatching(/^v\d/) as string,
        cpu: expect.any(String) as string,
        cores: expect.any(Number) as number,
        memoryGB: expect.any(Number) as number,
        os: expect.any(String) as string,
        date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string,
        versions: expect.objectContaining({ 'rx-aloud': expect.any(String) as string }) as object,
      });
      for (const { bars, title } of its) {
        expect(
          bars.some(({ ours, value }) => ours && value !== undefined && value > 0),
          title,
        ).toBe(true);
      }
    }
  });

  it('refuse a document that has no place for them', () => {
    expect(() => withFigures('# Nothing', figures)).toThrow(/<!-- figures -->/);
  });

  it('name who did not get through', () => {
    const bar = { label: 'slow', value: undefined, ours: false };
    const one = Object.values(figures)[0]!;
    const figure = {
      title: 'T',
      says: 's',
      unit: '×',
      scale: 'log',
      bars: [{ ...bar, label: 'rx-aloud', value: 2, ours: true }, bar],
    } as const;
    const all: Figures = { one: { ...one, figures: [figure] } };
    expect(figuresTable(all)).toContain('slow did not get through');
    expect(drawFigures(all)).toContain('did not get through');
    expect(told(1234.5, 'tokens')).toBe('1,235');
  });
});
