/** How a line or a bar ends. */
export type Ending = 'complete' | 'error' | 'unsubscribe';

/** Something emitted: a ball where all of a row's texts are short, else a flag whose left edge is the time. */
export interface Mark {
  readonly at: number;
  readonly text: string;
  /** Which colour: the same for what belongs together. Default: none. */
  readonly tone?: number | undefined;
  /** Since when it had been waited for: drawn as a bar up to `at`. */
  readonly since?: number | undefined;
}

/** Something that takes time. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly tone?: number | undefined;
  readonly end?: Ending | undefined;
  /** Moments within it. */
  readonly ticks?: readonly number[];
}

export interface LineEnd {
  readonly at: number;
  readonly how: Ending;
  readonly text?: string;
}

/** A line of the picture, from top to bottom. */
export type Row =
  | { readonly kind: 'operator'; readonly text: string }
  | {
      readonly kind: 'marbles';
      readonly label: string;
      readonly from: number;
      readonly marks: readonly Mark[];
      readonly end?: LineEnd | undefined;
    }
  | {
      readonly kind: 'bars';
      readonly label: string;
      readonly bars: readonly Bar[];
      readonly end?: LineEnd | undefined;
    };

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What is drawn. Times are milliseconds. */
export interface Drawing {
  readonly title: string;
  /** A sentence or two under the title. */
  readonly says: string;
  readonly rows: readonly Row[];
  /** When a valve was closed. */
  readonly closed: readonly Span[];
  /** Where the axis ends. */
  readonly until: number;
}

const width = 840;
const edge = 18;
const lane = 25;
const tones = 4;

const styles = `
svg{--panel:#fff;--edge:#d1d9e0;--ink:#1f2328;--soft:#59636e;--grid:#eaeef2;--line:#818b98;--bad:#cf222e;--f:#f6f8fa;--s:#818b98;--shade:#9a6700;--f0:#ddf4ff;--s0:#0969da;--f1:#dafbe1;--s1:#1a7f37;--f2:#fff1cf;--s2:#9a6700;--f3:#f6eaff;--s3:#8250df}
@media (prefers-color-scheme:dark){svg{--panel:#0d1117;--edge:#3d444d;--ink:#f0f6fc;--soft:#9198a1;--grid:#21262d;--line:#7d8590;--bad:#ff7b72;--f:#212830;--s:#7d8590;--shade:#e3b341;--f0:#0c2d57;--s0:#58a6ff;--f1:#0f3320;--s1:#3fb950;--f2:#3b2a08;--s2:#d29922;--f3:#2c1d4d;--s3:#bc8cff}}
text{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:var(--ink);white-space:pre}
.title{font:600 15px system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif}
.says{font:13px system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;fill:var(--soft)}
.soft{fill:var(--soft)}.bad{fill:var(--bad)}.end{text-anchor:end}.mid{text-anchor:middle}
.panel{fill:var(--panel);stroke:var(--edge)}.grid{stroke:var(--grid)}.line{stroke:var(--line);stroke-width:1.5;fill:none}
.op{fill:var(--f);stroke:var(--edge)}.stop{fill:var(--ink)}.done{stroke:var(--ink);stroke-width:2.5}.x{stroke:var(--bad);stroke-width:2.5;fill:none}
.b{fill:var(--f);stroke:var(--s)}.d{fill:var(--s)}.w{fill:var(--s);opacity:.35}
${[0, 1, 2, 3].map((tone) => `.b${tone}{fill:var(--f${tone});stroke:var(--s${tone})}.d${tone}{fill:var(--s${tone})}.w${tone}{fill:var(--s${tone});opacity:.35}`).join('\n')}
.hatch{stroke:var(--shade);stroke-width:1;opacity:.45}.shade{fill:url(#hatch)}.closed{fill:var(--shade)}`;

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (it) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[it] ?? it);
const round = (value: number) => String(Math.round(value * 10) / 10);
/** White space at an end is part of a token: it has to be seen. */
const visible = (text: string) =>
  text.replaceAll('\n', '↵').replace(/^ +| +$/g, (spaces) => '␣'.repeat(spaces.length));
const textWidth = (text: string) => {
  let sum = 0;
  for (const character of text)
    sum += /[\u1100-\u{1ffff}]/u.test(character) && !/[␣↵]/.test(character) ? 12 : 7.23;
  return sum;
};
const toned = (name: string, tone: number | undefined) => `${name}${tone === undefined ? '' : tone % tones}`;
/** `textLength` makes the width the same in every font. */
const label = (x: number, y: number, text: string, kind = '') =>
  `<text x="${round(x)}" y="${round(y)}"${kind && ` class="${kind}"`} textLength="${round(textWidth(text))}" lengthAdjust="spacingAndGlyphs">${escaped(text)}</text>`;

/** Puts intervals into lanes so that none overlaps, each into the first where there is room. */
function lanesOf(intervals: readonly Span[]): number[] {
  const lanes: Span[][] = [];
  return intervals.map((one) => {
    const free = lanes.findIndex((taken) => taken.every(({ from, to }) => to <= one.from || from >= one.to));
    const at = free < 0 ? lanes.length : free;
    (lanes[at] ??= []).push(one);
    return at;
  });
}

/** Steps of 1, 2 or 5 that leave room for their numbers. */
function tickStep(until: number, room: number): number {
  for (let power = 0.001; ; power *= 10) {
    for (const step of [1, 2, 5]) if ((step * power * room) / until >= 58) return step * power;
  }
}

const endings: Readonly<Record<Ending, string>> = {
  complete: 'complete',
  error: 'error',
  unsubscribe: 'unsubscribed',
};

function endSign(how: Ending, x: number, y: number): string {
  if (how === 'complete') return `<path class="done" d="M${round(x)} ${round(y - 9)}v18"/>`;
  if (how === 'error') return `<path class="x" d="M${round(x - 6)} ${round(y - 6)}l12 12m0 -12l-12 12"/>`;
  return `<rect class="stop" x="${round(x - 5)}" y="${round(y - 5)}" width="10" height="10" rx="1.5"/>`;
}

/** An SVG that tells by itself what it shows, for light and dark surroundings. The same drawing gives the same text. */
export function drawMarbles(drawing: Drawing): string {
  const { title, says, rows, closed, until } = drawing;
  const labels = rows.map((row) => (row.kind === 'operator' ? '' : row.label));
  const left = edge + Math.max(...labels.map(textWidth)) + 20;
  const right = width - edge - 24;
  const x = (at: number) => left + (at / until) * (right - left);
  const lines = wrapped(says, 118);

  const body: string[] = [];
  let y = 34 + lines.length * 18 + (closed.length > 0 ? 16 : 0);
  const top = y;
  for (const row of rows) {
    const [drawn, height] =
      row.kind === 'operator'
        ? drawOperator(row.text, y)
        : row.kind === 'marbles'
          ? drawMarks(row, y, x, right)
          : drawBars(row, y, x, right);
    if (row.kind !== 'operator') body.push(label(edge, y + 21, row.label, 'soft'));
    body.push(...drawn);
    y += height;
  }

  const axis: string[] = [];
  const step = tickStep(until, right - left);
  for (let tick = 0; tick <= until * 1.0001; tick += step) {
    const at = x(tick);
    axis.push(
      `<path class="grid" d="M${round(at)} ${round(top)}V${round(y + 4)}"/>`,
      `<text x="${round(at)}" y="${round(y + 18)}" class="soft mid">${round(tick)}</text>`,
    );
  }
  axis.push(`<text x="${round(edge)}" y="${round(y + 18)}" class="soft">ms</text>`);

  const shades = closed.flatMap(({ from, to }) => {
    const [a, b] = [x(from), x(Math.min(to, until))];
    return [
      `<rect class="shade" x="${round(a)}" y="${round(top - 2)}" width="${round(b - a)}" height="${round(y - top + 4)}"/>`,
      `<path class="hatch" d="M${round(a)} ${round(top - 2)}V${round(y + 2)}M${round(b)} ${round(top - 2)}V${round(y + 2)}"/>`,
      `<text x="${round(a + 2)}" y="${round(top - 7)}" class="closed">valve closed</text>`,
    ];
  });

  const height = Math.ceil(y + 32);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="desc">${escaped(describe(drawing))}</desc>`,
    `<style>${styles}</style>`,
    '<defs><pattern id="hatch" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V7"/></pattern></defs>',
    `<rect class="panel" x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
    `<text x="${edge}" y="26" class="title">${escaped(title)}</text>`,
    ...lines.map((line, at) => `<text x="${edge}" y="${45 + at * 18}" class="says">${escaped(line)}</text>`),
    ...axis,
    ...shades,
    ...body,
    drawLegend(drawing),
    '</svg>\n',
  ]
    .filter((line) => line !== '')
    .join('\n');
}

type Drawn = readonly [parts: string[], height: number];

function drawOperator(text: string, y: number): Drawn {
  return [
    [
      `<rect class="op" x="${edge}" y="${round(y + 4)}" width="${width - 2 * edge}" height="26" rx="5"/>`,
      `<text x="${width / 2}" y="${round(y + 21)}" class="mid">${escaped(text)}</text>`,
    ],
    38,
  ];
}

function drawMarks(
  row: Extract<Row, { kind: 'marbles' }>,
  y: number,
  x: (at: number) => number,
  right: number,
): Drawn {
  // What is waited for at the same time stands above the line, one above the other.
  const waits = row.marks.flatMap(({ since, at, tone }) =>
    since !== undefined && since < at ? [{ from: x(since), to: x(at), tone }] : [],
  );
  const waitLanes = lanesOf(waits);
  const lift = Math.max(0, ...waitLanes) * 12;
  const line = y + 17 + lift;
  const { end } = row;
  const start = x(row.from);
  const stop = end ? x(end.at) : right + 20;
  const parts = [
    `<path class="line" d="M${round(start)} ${round(line)}H${round(stop)}${end ? '' : 'l-7 -4m7 4l-7 4'}"/>`,
  ];
  if (row.from > 0) parts.push(`<path class="line" d="M${round(start)} ${round(line - 6)}v12"/>`);
  const balls = row.marks.every(({ text, since }) => text.trim().length <= 2 && since === undefined);
  const notes = row.marks.map((mark) => ({ ...mark, soft: false, shown: visible(mark.text) }));
  const ending = end?.text === undefined ? [] : [{ at: end.at, shown: end.text, soft: true as const }];

  if (balls) {
    // The end comes last and must be seen beside a ball of the same moment.
    if (end) parts.push(endSign(end.how, stop + (notes.some(({ at }) => at === end.at) ? 16 : 0), line));
    const lanes = lanesOf(notes.map(({ at }) => ({ from: x(at), to: x(at) + 23 })));
    for (const [i, { at, text, tone }] of notes.entries()) {
      const cy = line + (lanes[i] ?? 0) * 24;
      parts.push(
        `<circle class="${toned('b', tone)}" cx="${round(x(at))}" cy="${round(cy)}" r="11" stroke-width="1.5"/>`,
        `<text x="${round(x(at))}" y="${round(cy + 4)}" class="mid">${escaped(text.trim())}</text>`,
      );
    }
    for (const { at, shown } of ending)
      parts.push(
        label(beside(x(at) + 14, shown, right), line + 4, shown, end?.how === 'error' ? 'bad' : 'soft'),
      );
    return [parts, 34 + Math.max(0, ...lanes) * 24 + 4];
  }

  const flags = [...notes, ...ending].map((note) => {
    const wide = textWidth(note.shown) + 12;
    const at = x(note.at);
    const from = at + wide > right + 16 ? at - wide : at;
    return { note, wide, at, from, to: from + wide + 3 };
  });
  const lanes = lanesOf(flags);
  for (const [i, { from, to, tone }] of waits.entries())
    parts.push(
      `<rect class="${toned('w', tone)}" x="${round(from)}" y="${round(line - 5 - (waitLanes[i] ?? 0) * 12)}" width="${round(to - from)}" height="10" rx="3"/>`,
    );
  const boxes: string[] = [];
  for (const [i, { note, wide, at, from }] of flags.entries()) {
    const boxTop = line + 10 + (lanes[i] ?? 0) * lane;
    if (note.soft) {
      boxes.push(label(from + 6, boxTop + 15, note.shown, end?.how === 'error' ? 'bad' : 'soft'));
      continue;
    }
    const { tone } = note;
    parts.push(`<path class="line" d="M${round(at)} ${round(line)}V${round(boxTop + 20)}"/>`);
    boxes.push(
      `<circle class="${toned('d', tone)}" cx="${round(at)}" cy="${round(line)}" r="4.5"/>`,
      `<rect class="${toned('b', tone)}" x="${round(from)}" y="${round(boxTop)}" width="${round(wide)}" height="20" rx="4"/>`,
      label(from + 6, boxTop + 14, note.shown),
    );
  }
  parts.push(...boxes);
  if (end) parts.push(endSign(end.how, stop, line));
  return [parts, 30 + lift + (Math.max(-1, ...lanes) + 1) * lane + 8];
}

const beside = (from: number, text: string, right: number) =>
  from + textWidth(text) > right + 16 ? from - 28 - textWidth(text) : from;

function drawBars(
  row: Extract<Row, { kind: 'bars' }>,
  y: number,
  x: (at: number) => number,
  right: number,
): Drawn {
  const { end } = row;
  const last = row.bars.at(-1);
  const sign = (bar: Bar) => {
    // The row's own end stands beside the bar it ends with.
    if (end && bar === last && bar.to === end.at && (bar.end ?? 'complete') === 'complete') return end;
    return bar.end && bar.end !== 'complete' ? { how: bar.end, text: undefined } : undefined;
  };
  const bars = row.bars.map((bar) => {
    const [from, to] = [x(bar.from), x(bar.to)];
    const ends = sign(bar);
    const beyond = ends ? to + (bar.end === ends.how ? 8 : 16) : to;
    const text = visible(bar.text);
    const wide = textWidth(text);
    const inside = wide + 14 <= to - from;
    const before = !inside && beyond + wide + 8 > right + 16;
    const textAt = inside ? from + 7 : before ? from - wide - 6 : beyond + 6;
    const until = inside || before ? beyond : textAt + wide + 10;
    const note = ends?.text === undefined ? 0 : textWidth(ends.text) + 12;
    return {
      bar,
      from,
      to,
      ends,
      text,
      textAt,
      noteAt: until + 4,
      span: { from: Math.min(from, textAt), to: until + note },
    };
  });
  const lanes = lanesOf(bars.map(({ span }) => span));
  const parts: string[] = [];
  let signed = end === undefined;
  for (const [i, { bar, from, to, ends, text, textAt, noteAt }] of bars.entries()) {
    const middle = y + 17 + (lanes[i] ?? 0) * (lane + 3);
    parts.push(
      `<rect class="${toned('b', bar.tone)}" x="${round(from)}" y="${round(middle - 11)}" width="${round(Math.max(to - from - 1, 2))}" height="22" rx="4"/>`,
      label(textAt, middle + 3.5, text),
      ...(bar.ticks ?? []).map(
        (at) =>
          `<circle class="${toned('d', bar.tone)}" cx="${round(x(at))}" cy="${round(middle + 11)}" r="3.5"/>`,
      ),
    );
    if (!ends) continue;
    signed ||= ends === end;
    parts.push(endSign(ends.how, ends === end ? to + 9 : to, middle));
    if (ends.text !== undefined)
      parts.push(label(noteAt, middle + 3.5, ends.text, ends.how === 'error' ? 'bad' : 'soft'));
  }
  if (end && !signed) parts.push(endSign(end.how, x(end.at), y + 17));
  return [parts, 34 + Math.max(0, ...lanes) * (lane + 3) + 6];
}

/** Signs that occur, with their meaning, in the upper right corner. */
function drawLegend({ rows }: Drawing): string {
  const used = new Set<Ending>();
  for (const row of rows) {
    if (row.kind === 'operator') continue;
    if (row.end) used.add(row.end.how);
    if (row.kind === 'bars') for (const { end } of row.bars) if (end && end !== 'complete') used.add(end);
  }
  let at = width - edge;
  const parts: string[] = [];
  for (const how of ['unsubscribe', 'error', 'complete'] as const) {
    if (!used.has(how)) continue;
    at -= textWidth(endings[how]);
    parts.push(label(at, 26, endings[how], 'soft'), endSign(how, at - 13, 22));
    at -= 38;
  }
  return parts.join('');
}

/** The same in words, for who cannot see it. */
function describe({ says, rows, closed }: Drawing): string {
  const ended = (end: LineEnd | undefined) =>
    end
      ? `; ${endings[end.how]}${end.text === undefined ? '' : ` (${end.text})`} at ${round(end.at)} ms`
      : '';
  const told = rows.map((row) => {
    if (row.kind === 'operator') return row.text;
    if (row.kind === 'marbles')
      return `${row.label}: ${row.marks.map(({ at, text }) => `${round(at)} ms ${JSON.stringify(text)}`).join(', ')}${ended(row.end)}`;
    return `${row.label}: ${row.bars
      .map(
        ({ from, to, text, end }) =>
          `${JSON.stringify(text)} ${round(from)} to ${round(to)} ms${end && end !== 'complete' ? `, ${endings[end]}` : ''}`,
      )
      .join(', ')}${ended(row.end)}`;
  });
  const shut = closed.map(({ from, to }) => `valve closed ${round(from)} to ${round(to)} ms`);
  return [says, ...told, ...shut].join('\n');
}

function wrapped(text: string, most: number): string[] {
  // Lines of much the same length look better than a last word alone.
  const columns = Math.ceil(text.length / Math.ceil(text.length / most)) + 6;
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + 1 + word.length > columns) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
