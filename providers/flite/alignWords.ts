/** One speech sound and where it lies in the audio, in milliseconds. */
export interface Phone {
  /** Flite's name for it; `pau` is silence. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Where a word lies in the audio, in milliseconds. */
export interface WordTime {
  readonly offset: number;
  readonly duration: number;
}

const vowelLetters = 'aeiouyw';
const vowels = new Set('aa ae ah ao aw ax ay eh er ey ih iy ow oy uh uw'.split(' '));
/** Letters that a consonant is commonly written with. */
const spellings: Readonly<Record<string, string>> = {
  b: 'b',
  ch: 'ct',
  d: 'd',
  dh: 'th',
  f: 'fpg',
  g: 'g',
  hh: 'hw',
  jh: 'jgd',
  k: 'kcqx',
  l: 'l',
  m: 'm',
  n: 'nkg',
  ng: 'ng',
  p: 'p',
  r: 'r',
  s: 'scxz',
  sh: 'stch',
  t: 'td',
  th: 'th',
  v: 'vf',
  w: 'wuo',
  y: 'yuie',
  z: 'zsx',
  zh: 'szg',
};

/** A letter, a character that stands for several unknown sounds (`*`), or a gap between words (` `, `,`). */
type Sign = string;

/**
 * Which of the sounds belong to which word: flite prints the sounds of a text with their times, but not where a word
 * begins. The letters and the sounds are aligned at the least cost (a sound wants a letter it is written with, a
 * pause wants a gap with punctuation), as one aligns two sequences.
 *
 * @param words what flite was given, word by word, in ASCII.
 * @param phones what it printed, in order.
 */
export function alignWords(words: readonly string[], phones: readonly Phone[]): WordTime[] {
  const signs: Sign[] = [];
  const owners: number[] = [];
  words.forEach((word, index) => {
    for (const sign of signsOf(word)) {
      signs.push(sign);
      owners.push(index);
    }
    signs.push(/[.,;:!?)"-]$/.test(word) ? ',' : ' ');
    owners.push(index);
  });

  const width = phones.length + 1;
  const costs = new Float32Array((signs.length + 1) * width);
  // How the best way came to a cell: 1 sign and phone together, 2 the sign alone, 3 the phone alone.
  const steps = new Uint8Array(costs.length);
  for (let row = 0; row <= signs.length; row++) {
    for (let column = 0; column <= phones.length; column++) {
      if (row === 0 && column === 0) continue;
      const at = row * width + column;
      const sign = signs[row - 1];
      const phone = phones[column - 1]?.name;
      let best = Infinity;
      const consider = (cost: number, step: number) => {
        if (cost >= best) return;
        best = cost;
        steps[at] = step;
      };
      if (sign !== undefined && phone !== undefined) {
        consider((costs[at - width - 1] ?? 0) + together(sign, phone), 1);
      }
      if (sign !== undefined) consider((costs[at - width] ?? 0) + silent(sign, signs[row - 2]), 2);
      if (phone !== undefined) consider((costs[at - 1] ?? 0) + unwritten(phone, row), 3);
      costs[at] = best;
    }
  }

  const first = words.map(() => Infinity);
  const last = words.map(() => -Infinity);
  let row = signs.length;
  let column = phones.length;
  while (row > 0 || column > 0) {
    const step = steps[row * width + column];
    if (step !== 2 && column > 0) {
      const owner = owners[Math.max(0, row - 1)] ?? 0;
      if (phones[column - 1]?.name !== 'pau') {
        first[owner] = Math.min(first[owner] ?? Infinity, column - 1);
        last[owner] = Math.max(last[owner] ?? -Infinity, column - 1);
      }
    }
    if (step !== 3) row--;
    if (step !== 2) column--;
  }

  let reached = 0;
  return words.map((_, index) => {
    const start = phones[first[index] ?? Infinity]?.start ?? reached;
    const end = phones[last[index] ?? -Infinity]?.end ?? start;
    reached = end;
    return { offset: start, duration: end - start };
  });
}

function signsOf(word: string): Sign[] {
  const signs: Sign[] = [];
  for (const character of word.toLowerCase()) {
    if (/[a-z]/.test(character)) signs.push(character);
    else if (/[0-9$%]/.test(character)) signs.push('*', '*', '*', '*');
  }
  return signs;
}

function together(sign: Sign, phone: string): number {
  if (phone === 'pau') return sign === ',' ? 0 : sign === ' ' ? 0.6 : 3;
  if (sign === ',' || sign === ' ') return 3;
  if (sign === '*') return 0.3;
  if (vowels.has(phone)) {
    if (phone === 'er' && sign === 'r') return 0;
    return vowelLetters.includes(sign) ? 0 : 1.2;
  }
  return spellings[phone]?.includes(sign) ? 0 : vowelLetters.includes(sign) ? 1.4 : 1;
}

function silent(sign: Sign, before: Sign | undefined): number {
  if (sign === ' ') return 0;
  if (sign === ',') return 0.4;
  if (sign === before) return 0.1;
  if (sign === '*') return 0.35;
  return vowelLetters.includes(sign) || sign === 'h' ? 0.3 : 0.5;
}

function unwritten(phone: string, row: number): number {
  // The silence before the first word belongs to nothing.
  if (phone === 'pau') return row === 0 ? 0 : 2;
  return vowels.has(phone) ? 0.6 : 0.8;
}
