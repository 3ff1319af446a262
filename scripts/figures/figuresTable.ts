import { howIn, machineIn, machinesOf } from './drawFigures.js';
import { told, type Bar, type Figure, type Figures } from './figure.js';

const marks = ['<!-- figures -->', '<!-- end of figures -->'] as const;

/** The README's table of what was measured. */
export function figuresTable(all: Figures): string {
  const rows = Object.values(all).flatMap(({ figures }) => figures.flatMap(rowsOf));
  const packages = Object.entries(
    Object.assign({}, ...Object.values(all).map(({ machine }) => machine.versions)) as Record<string, string>,
  ).map(([name, version]) => `${name} ${version}`);
  return [
    '| measured (less is better) | rx-aloud | beside it |',
    '| --- | --- | --- |',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
    '',
    `${howIn(all)} ${machinesOf(all).map(machineIn).join('; ')}. ${packages.join(', ')}.`,
  ].join('\n');
}

/** A document with the table in its place. */
export function withFigures(document: string, all: Figures): string {
  const [start, end] = marks.map((mark) => document.indexOf(mark));
  if (start === undefined || end === undefined || start < 0 || end < start) {
    throw new Error(`the document has no place for figures: ${marks.join(' … ')}`);
  }
  return `${document.slice(0, start)}${marks[0]}\n\n${figuresTable(all)}\n\n${document.slice(end)}`;
}

/** A row for each group: how rx-aloud does, and what stands beside it. */
function rowsOf({ title, says, unit, reference, bars }: Figure): readonly (readonly string[])[] {
  const groups = [...new Set(bars.map(({ group }) => group))];
  return groups.map((group, at) => {
    const its = bars.filter((bar) => bar.group === group);
    const name = group === undefined ? `**${title}**` : `**${title}**, ${group}`;
    const [mine, others] = [its.filter(({ ours }) => ours), its.filter(({ ours }) => !ours)];
    const beside = [
      ...(reference ? [`${reference.label} ${told(reference.value, unit)}`] : []),
      ...others.map((bar) => cellOf(bar, unit)),
    ];
    return [
      at === 0 ? `${name}: ${says}` : name,
      mine.length === 1 ? told(mine[0]?.value, unit) : mine.map((bar) => cellOf(bar, unit)).join('; '),
      beside.join('; '),
    ];
  });
}

const cellOf = ({ label, value }: Bar, unit: Figure['unit']) => `${label} ${told(value, unit)}`;
