const words =
  'a model speaks to people who listen and then answer with new ideas about water light houses rivers numbers parts places cases points groups problems facts sky blue air day year world small large quick slow good better while because under between'.split(
    ' ',
  );
const special = [
  'Dr. Smith',
  'e.g. this',
  '3.14',
  'U.S. data',
  '$5.50',
  'v2.0.1',
  'index.ts',
  'No. 5',
  '3 p.m. today',
];

const random = (seed) => () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;
const repeated = (unit) => (length) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

/** English of that many characters, the same each time. */
export function prose(length) {
  const next = random(7);
  const pick = (list) => list[Math.floor(next() * list.length)];
  const sentences = [];
  for (let total = 0; total < length;) {
    const count = 7 + Math.floor(next() * 12);
    const inside = Array.from({ length: count }, () => (next() < 0.04 ? pick(special) : pick(words))).join(
      ' ',
    );
    const mark = next() < 0.8 ? '.' : next() < 0.5 ? '?' : '!';
    const sentence = `${inside[0].toUpperCase()}${inside.slice(1)}${mark}${next() < 0.1 ? '\n\n' : ' '}`;
    sentences.push(sentence);
    total += sentence.length;
  }
  return sentences.join('').slice(0, length);
}

/** Texts on which splitters turn quadratic, by name. */
export const texts = {
  'ordinary text': prose,
  'no punctuation': (length) =>
    prose(length * 1.1)
      .replace(/[^a-z ]/g, '')
      .slice(0, length),
  decimals: repeated('3.14 2.71 '),
  'no spaces': repeated('incomprehensibilities'),
  'no line ends, abbreviations': repeated('Dr. Smith met Prof. Lee in the U.S. '),
  'line ends only': repeated('so\n'),
};

/** Tokens as a model's vocabulary makes them: a word with the space before it, marks on their own. */
export const tokensOf = (text) => text.match(/ ?[\p{L}\p{M}\p{N}]{1,6}|[^\p{L}\p{M}\p{N}\s]+|\s+/gu) ?? [];
