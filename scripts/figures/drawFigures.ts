import { told, type Bar, type Figure, type Figures, type Machine } from './figure.js';

const width = 880;
const edge = 20;
const gap = 36;
const column = (width - 2 * edge - gap) / 2;
const labelWidth = 178;
const valueWidth = 62;
const rowHeight = 21;

const styles = `
svg{--panel:#fff;--edge:#d1d9e0;--ink:#1f2328;--soft:#59636e;--grid:#eaeef2;--ours:#0969da;--peer:#b7c0ca;--mark:#cf222e}
@media (prefers-color-scheme:dark){svg{--panel:#0d1117;--edge:#3d444d;--ink:#f0f6fc;--soft:#9198a1;--grid:#21262d;--ours:#4493f8;--peer:#4c5661;--mark:#ff7b72}}
text{font:12px system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;fill:var(--ink)}
.title{font-weight:600;font-size:14px}.head{font-weight:600;font-size:16px}.soft{fill:var(--soft)}.small{font-size:11px}.end{text-anchor:end}.mid{text-anchor:middle}
.bold{font-weight:600}.value{paint-order:stroke;stroke:var(--panel);stroke-width:5px}.panel{fill:var(--panel);stroke:var(--edge)}.grid{stroke:var(--grid)}
.ours{fill:var(--ours)}.peer{fill:var(--peer)}.mark{stroke:var(--mark);stroke-dasharray:3 3}.marked{fill:var(--mark);font-size:11px}`;

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (it) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[it] ?? it);
const round = (value: number) => String(Math.round(value * 10) / 10);
const text = (x: number, y: number, content: string, kind = '') =>
  `<text x="${round(x)}" y="${round(y)}"${kind && ` class="${kind}"`}>${escaped(content)}</text>`;

/** Small multiples of horizontal bars, ours highlighted: an SVG for light and dark surroundings. */
export function drawFigures(all: Figures): string {
  const figures = Object.values(all).flatMap(({ figures }) => figures);
  const heights = [0, 0];
  const parts: string[] = [];
  for (const figure of figures) {
    // The next panel stands where there is more room.
    const at = (heights[0] ?? 0) <= (heights[1] ?? 0) ? 0 : 1;
    const [drawn, height] = drawPanel(figure, edge + at * (column + gap), 76 + (heights[at] ?? 0));
    parts.push(...drawn);
    heights[at] = (heights[at] ?? 0) + height + 26;
  }
  const notes = machinesOf(all).map(machineIn);
  const bottom = 76 + Math.max(...heights);
  const height = bottom + notes.length * 16 + 12;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${round(height)}" viewBox="0 0 ${width} ${round(height)}" role="img" aria-labelledby="title desc">`,
    '<title id="title">What rx-aloud costs, beside its peers</title>',
    `<desc id="desc">${escaped(figures.map(inWords).join('\n'))}</desc>`,
    `<style>${styles}</style>`,
    `<rect class="panel" x=".5" y=".5" width="${width - 1}" height="${round(height - 1)}" rx="8"/>`,
    text(edge, 30, 'What rx-aloud costs, beside its peers', 'head'),
    text(edge, 50, `Shorter is better. ${howIn(all)}`, 'soft'),
    `<rect class="ours" x="${width - edge - 158}" y="21" width="11" height="11" rx="2"/>`,
    text(width - edge - 142, 31, 'rx-aloud'),
    `<rect class="peer" x="${width - edge - 70}" y="21" width="11" height="11" rx="2"/>`,
    text(width - edge - 54, 31, 'others'),
    ...parts,
    ...notes.map((note, at) => text(edge, bottom + at * 16, note, 'soft small')),
    '</svg>\n',
  ].join('\n');
}

/** The machines that figures are from: one, unless measurements were repeated elsewhere. */
export function machinesOf(all: Figures): readonly Machine[] {
  const machines = Object.values(all).map(({ machine }) => machine);
  return machines.filter(
    (one, at) => machines.findIndex((other) => machineIn(other) === machineIn(one)) === at,
  );
}

/** How it was measured. */
export function howIn(all: Figures): string {
  const quick = Object.entries(all).flatMap(([name, measurement]) => (measurement.quick ? [name] : []));
  return [
    'Medians of interleaved rounds in one run.',
    ...(quick.length === 0
      ? []
      : [`Of few rounds, so no more than orders of magnitude: ${quick.join(', ')}.`]),
  ].join(' ');
}

/** Where and when, in a line. */
export function machineIn({ cpu, cores, memoryGB, os, node, date }: Machine): string {
  return `${cpu}, ${cores} cores, ${memoryGB} GB, ${os}, Node ${node}, ${date}`;
}

function drawPanel(figure: Figure, x: number, y: number): readonly [parts: string[], height: number] {
  const { title, says, unit, scale, reference, bars } = figure;
  const lines = wrapped(says, 62);
  const parts = [
    text(x, y, title, 'title'),
    ...lines.map((line, at) => text(x, y + 17 + at * 15, line, 'soft small')),
  ];
  const top = y + 17 + lines.length * 15 + (reference ? 10 : 0);
  const left = x + labelWidth;
  const room = column - labelWidth - valueWidth;
  const values = [...bars.flatMap(({ value }) => value ?? []), ...(reference ? [reference.value] : [])];
  const most = Math.max(...values);
  const least = Math.min(...values);
  // A logarithmic bar has no zero to begin at: half of the least leaves all of them visible.
  const from = scale === 'log' ? least / 2 : 0;
  const length = (value: number) =>
    scale === 'log' ? (Math.log10(value / from) / Math.log10(most / from)) * room : (value / most) * room;

  let row = top;
  let group: string | undefined;
  const drawn: string[] = [];
  const numbers: string[] = [];
  for (const bar of bars) {
    if (bar.group !== undefined && bar.group !== group) {
      row += group === undefined ? 0 : 6;
      drawn.push(text(x, row + 13, bar.group, 'small bold'));
      row += rowHeight - 2;
      group = bar.group;
    }
    const reach = bar.value === undefined ? 0 : length(bar.value);
    drawn.push(...drawBar(bar, x, left, row, reach));
    numbers.push(text(left + reach + 6, row + 14, told(bar.value, unit), bar.ours ? 'value bold' : 'value'));
    row += rowHeight;
  }
  const ticks = scale === 'log' ? powersBetween(from, most) : [0];
  for (const tick of ticks)
    parts.push(
      `<path class="grid" d="M${round(left + length(Math.max(tick, from)))} ${round(top - 2)}V${round(row + 2)}"/>`,
    );
  parts.push(...drawn);
  if (reference) {
    const at = left + length(reference.value);
    parts.push(
      `<path class="mark" d="M${round(at)} ${round(top - 2)}V${round(row + 2)}"/>`,
      text(at, top - 6, reference.label, 'marked mid'),
    );
  }
  // Above the mark, which may run through them.
  parts.push(...numbers);
  if (scale === 'log') {
    for (const tick of ticks)
      parts.push(text(left + length(tick), row + 14, told(tick, unit), 'soft small mid'));
    parts.push(text(x, row + 14, 'logarithmic', 'soft small'));
    row += 14;
  }
  return [parts, row - y];
}

function drawBar({ label, value, ours }: Bar, x: number, left: number, y: number, length: number): string[] {
  return [
    text(x, y + 14, label, ours ? 'bold' : ''),
    ...(value === undefined
      ? []
      : [
          `<rect class="${ours ? 'ours' : 'peer'}" x="${round(left)}" y="${round(y + 3)}" width="${round(Math.max(length, 1.5))}" height="14" rx="2"/>`,
        ]),
  ];
}

function powersBetween(from: number, to: number): number[] {
  const powers: number[] = [];
  for (let power = 10 ** Math.ceil(Math.log10(from)); power <= to * 1.001; power *= 10) powers.push(power);
  return powers;
}

/** A figure in words, for who cannot see it. */
function inWords({ title, says, unit, bars }: Figure): string {
  const rows = bars.map(
    ({ label, value, group }) => `${group === undefined ? '' : `${group}, `}${label} ${told(value, unit)}`,
  );
  return `${title} (${says}): ${rows.join('; ')}.`;
}

function wrapped(content: string, most: number): string[] {
  const lines = [''];
  for (const word of content.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > most) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
