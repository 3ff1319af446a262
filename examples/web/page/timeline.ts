import type { Recording, Span } from './recording.js';

/** How much of it is drawn: everything, or the first seconds, where the first sound comes from. */
export type View = 'whole' | 'start';

const lanes = ['Tokens', 'Sentences', 'Synthesis', 'Playback'] as const;
const bar = 18;

/** Draws what happened when, a lane each for tokens, sentences, synthesis and playback. */
export function drawTimeline(svg: SVGSVGElement, recording: Recording | undefined, view: View): void {
  const width = Math.max(240, svg.clientWidth);
  const beside = width >= 560;
  const left = beside ? 92 : 2;
  const right = width - 12;
  const step = beside ? 34 : 46;
  const top = beside ? 14 : 28;
  const bottom = top + step * (lanes.length - 1) + bar + 8;
  svg.setAttribute('viewBox', `0 0 ${width} ${bottom + 20}`);
  svg.setAttribute('height', String(bottom + 20));

  const length =
    view === 'start'
      ? Math.max(2000, 1.25 * (recording?.anatomy?.total ?? 0))
      : Math.max(3000, (recording?.length ?? 0) + 200);
  const x = (time: number) => left + ((right - left) * Math.max(0, time)) / length;
  const y = (lane: number) => top + step * lane;
  const shapes: SVGElement[] = [];
  const add = (name: string, attributes: Readonly<Record<string, string | number>>, text?: string) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
    if (text !== undefined) made.textContent = text;
    shapes.push(made);
  };
  const visible = ({ from }: Span) => from < length;
  const span = (lane: number, kind: string, { from, to }: Span, label?: string) => {
    if (!visible({ from, to })) return;
    const begin = x(from);
    const wide = Math.max(2, x(Math.min(to, length)) - begin - 1);
    add('rect', { class: kind, x: begin, y: y(lane), width: wide, height: bar, rx: Math.min(4, wide / 2) });
    if (label !== undefined && wide > 16) {
      add('text', { class: 'inside', x: begin + wide / 2, y: y(lane) + 13 }, label);
    }
  };

  const every = [250, 500, 1000, 2000, 5000, 10_000, 20_000, 60_000, 120_000].find(
    (gap) => (gap / length) * (right - left) >= 46,
  );
  for (let time = 0; every !== undefined && time <= length; time += every) {
    add('line', { class: 'grid', x1: x(time), x2: x(time), y1: top - 6, y2: bottom });
    const anchor = x(time) > right - 16 ? 'end' : time === 0 && !beside ? 'start' : 'middle';
    add('text', { class: 'time', x: x(time), y: bottom + 14, 'text-anchor': anchor }, `${time / 1000} s`);
  }
  for (const lane of lanes.keys()) {
    add('rect', { class: 'track', x: left, y: y(lane), width: right - left, height: bar, rx: 4 });
  }

  if (recording !== undefined) {
    const { tokens, utterances, ended } = recording;
    const now = ended ?? performance.now() - recording.begun;
    const ticks = tokens
      .filter((at) => at < length)
      .map((at) => `M${x(at).toFixed(1)} ${y(0) + 2}v${bar - 4}`);
    // Where they come thick and fast, thin ones still tell one from the next.
    const room = ((right - left) * (tokens.at(-1) ?? length)) / length / Math.max(1, tokens.length);
    add('path', { class: 'tokens', 'stroke-width': Math.min(2, room / 2).toFixed(2), d: ticks.join('') });
    for (const [index, { sentence, asked, sounding, synthesized, heard }] of utterances.entries()) {
      span(1, 'sentence', sentence, String(index + 1));
      if (asked !== undefined) {
        span(2, 'asked', { from: asked, to: sounding ?? synthesized ?? now });
        if (sounding !== undefined) span(2, 'synthesis', { from: sounding, to: synthesized ?? now });
      }
      for (const [part, { from, to }] of heard.entries()) {
        span(3, 'scheduled', { from, to });
        if (from < now)
          span(3, 'playback', { from, to: Math.min(to, now) }, part === 0 ? String(index + 1) : undefined);
      }
    }
    drawFirstSound();
    if (ended === undefined && now < length) {
      add('line', { class: 'now', x1: x(now), x2: x(now), y1: top - 6, y2: bottom });
    }
  }
  for (const [lane, name] of lanes.entries()) {
    add('text', { class: 'lane', x: 2, y: beside ? y(lane) + 13 : y(lane) - 5 }, name);
  }
  svg.replaceChildren(...shapes);

  /** The way of the first sound through all lanes. */
  function drawFirstSound() {
    const [first] = recording?.utterances ?? [];
    const { model, total } = recording?.anatomy ?? {};
    const under = (lane: number) => y(lane) + bar + 4;
    if (first?.sounding === undefined || model === undefined || total === undefined) return;
    if (total > length) return;
    const way = [
      `M${x(0)} ${under(0)}H${x(model)}`,
      `V${under(1)}H${x(first.sentence.to)}`,
      `V${under(2)}H${x(total)}V${y(3) + bar / 2}`,
    ];
    add('path', { class: 'way-edge', d: way.join('') });
    add('path', { class: 'way', d: way.join('') });
    add('circle', { class: 'first', cx: x(total), cy: y(3) + bar / 2, r: 5 });
  }
}
