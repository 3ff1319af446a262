/** Shows a reply as it arrives and marks the utterance that is being spoken. */
export interface Display {
  /** Text has arrived. */
  token(text: string): void;
  /** This utterance is being spoken now. */
  speaking(index: number, text: string): void;
  /** This one has been spoken. */
  spoken(index: number, text: string, detail: string): void;
  /** Nothing more will come. */
  end(): void;
}

/** For a pipe or a file: text as it comes, and a line of its own for every utterance. */
export function plainDisplay(out: NodeJS.WritableStream): Display {
  let atLineStart = true;
  const write = (text: string) => {
    if (text === '') return;
    out.write(text);
    atLineStart = text.endsWith('\n');
  };
  const line = (text: string) => write(`${atLineStart ? '' : '\n'}${text}\n`);
  return {
    token: write,
    speaking: (index, text) => line(`▶ ${index + 1}  ${oneLine(text)}`),
    spoken: (index, _text, detail) => line(`✓ ${index + 1}  ${detail}`),
    end: () => {
      if (!atLineStart) write('\n');
    },
  };
}

/** For a terminal: the text is drawn again as speech goes on, what has been spoken dim, what is being spoken inverse. */
export function terminalDisplay(out: NodeJS.WriteStream): Display {
  // Offsets count from the beginning of the reply; `text` is only the part that is still on the screen.
  let text = '';
  let textFrom = 0;
  let spokenTo = 0;
  let speakingTo = 0;
  let drawnRows = 0;

  const find = (utterance: string) => {
    const at = text.indexOf(utterance, Math.max(0, spokenTo - textFrom));
    return at < 0 ? spokenTo : textFrom + at;
  };
  const styled = (from: number, to: number) => {
    const cut = (a: number, b: number) =>
      text.slice(Math.max(from, a) - textFrom, Math.max(from, Math.min(to, b)) - textFrom);
    const dim = cut(from, spokenTo);
    const inverse = cut(spokenTo, speakingTo);
    const plain = cut(Math.max(spokenTo, speakingTo), to);
    return `${dim && `\x1b[2m${dim}\x1b[22m`}${inverse && `\x1b[7m${inverse}\x1b[27m`}${plain}`;
  };
  const draw = () => {
    const rows = wrap(text, Math.max(10, out.columns - 1));
    const room = Math.max(1, out.rows - 2);
    let frame = drawnRows > 1 ? `\x1b[${drawnRows - 1}A\r\x1b[J` : '\r\x1b[J';
    frame += rows.map(([from, to]) => styled(textFrom + from, textFrom + to)).join('\n');
    out.write(frame);
    // Rows above the screen can't be drawn again: let go of them.
    const gone = Math.max(0, rows.length - room);
    const keepFrom = gone > 0 ? (rows[gone]?.[0] ?? text.length) : 0;
    text = text.slice(keepFrom);
    textFrom += keepFrom;
    drawnRows = rows.length - gone;
  };
  return {
    token: (token) => {
      text += token.replaceAll('\r', '').replaceAll('\t', ' ');
      draw();
    },
    speaking: (_index, utterance) => {
      spokenTo = find(utterance.replaceAll('\r', '').replaceAll('\t', ' '));
      speakingTo = spokenTo + utterance.length;
      draw();
    },
    spoken: () => {
      spokenTo = Math.max(spokenTo, speakingTo);
      draw();
    },
    end: () => out.write('\n'),
  };
}

/** Rows of a text as offsets, broken at white space where there is some. */
export function wrap(text: string, columns: number): [from: number, to: number][] {
  const rows: [number, number][] = [];
  let from = 0;
  let width = 0;
  let lastSpace = -1;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '\n') {
      rows.push([from, at]);
      from = at + 1;
      width = 0;
      lastSpace = -1;
      continue;
    }
    if (character === ' ') lastSpace = at;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\ud800-\udbff]/.test(
        character,
      )
        ? 2
        : /[\udc00-\udfff]/.test(character)
          ? 0
          : 1;
    if (width > columns) {
      const to = lastSpace > from ? lastSpace + 1 : at;
      rows.push([from, to]);
      from = to;
      width = at + 1 - to;
      lastSpace = -1;
    }
  }
  rows.push([from, text.length]);
  return rows;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
