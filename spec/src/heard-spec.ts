import { describe, expect, it } from 'vitest';
import { trackHeard } from '../../src/heard.js';
import type { SpeechEvent } from '../../src/speechEvent.js';
import { ends, samples, says, starts } from '../support/speech.js';

const word = (text: string, offset: number, duration: number, estimated?: true): SpeechEvent => ({
  type: 'word',
  index: 0,
  text,
  offset,
  duration,
  ...(estimated && { estimated }),
});
const tracker = (...events: SpeechEvent[]) => {
  const heard = trackHeard();
  for (const event of events) heard.add(event);
  return heard;
};
/** A text whose words, told by a voice as given, take 10 ms each. */
const spoken = (text: string, ...words: string[]) =>
  tracker(
    starts(0, text),
    ...words.map((it, i) => word(it, 10 * i, 10)),
    says(0, samples(10 * words.length + 10)),
    ends(0, text),
  );

describe('trackHeard', () => {
  it('knows nothing of what it was not told', () => {
    expect(trackHeard().at(1000)).toEqual({ text: '', position: 1000, precision: 'utterance' });
    expect(tracker(says(0, samples(5)), ends(0), word('x', 0, 1)).at(5).text).toBe('');
  });

  it('counts a word when it has been heard to its end, with the marks that go with it', () => {
    const heard = spoken('Hello, “dear” world! ', 'Hello', 'dear', 'world');
    const texts = [0, 9, 10, 19, 20, 29, 30, 39, 40].map((position) => heard.at(position).text);
    const [hello, dear, world] = ['Hello,', 'Hello, “dear”', 'Hello, “dear” world!'];
    expect(texts).toEqual(['', '', hello, hello, dear, dear, world, world, 'Hello, “dear” world! ']);
    expect(heard.at(40).precision).toBe('word');
  });

  it('counts whole utterances only, and says so, where the voice tells no words', () => {
    const heard = tracker(
      starts(0, 'One. '),
      says(0, samples(10)),
      ends(0, 'One. '),
      starts(1, 'Two.'),
      says(1, samples(10)),
    );
    expect(heard.at(9)).toEqual({ text: '', position: 9, precision: 'utterance' });
    expect(heard.at(10)).toEqual({ text: 'One. ', position: 10, precision: 'utterance' });
    expect(heard.at(20).text).toBe('One. ');
    heard.add(ends(1, 'Two.'));
    expect(heard.at(20).text).toBe('One. Two.');
    expect(heard.heardAll).toBe(true);
  });

  it('can be asked for all there will ever be', () => {
    expect(spoken('Hello world', 'Hello', 'world').at(Infinity).text).toBe('Hello world');
  });

  it('says when word times were reckoned', () => {
    const heard = tracker(starts(0, 'Hi you'), word('Hi', 0, 5, true), says(0, samples(10)));
    expect(heard.at(6)).toEqual({ text: 'Hi', position: 6, precision: 'word', estimated: true });
  });

  it.each([
    [
      'Café crème, s’il vous plaît.',
      ['Cafe', 'creme', 'sil', 'vous', 'plait'],
      'Café crème, s’il vous plaît.',
    ],
    ['A well-known fact.', ['A', 'well', 'known', 'fact'], 'A well-known fact.'],
    ['It costs €5 today.', ['It', 'costs', 'five', 'euros', 'today'], 'It costs €5 today.'],
    ['The the the cat.', ['the', 'the'], 'The the'],
    ['天気がいい', ['天気', 'が'], '天気が'],
    ['See 3.14 now', ['See', '3.14'], 'See 3.14'],
    ['One 🎉 two', ['One', 'party', 'two'], 'One 🎉 two'],
    ['x x', ['…', '-'], ''],
  ])('finds the words of %o as a voice tells them', (text, words, expected) => {
    expect(spoken(text, ...words).at(10 * words.length).text).toBe(expected);
  });

  it('does not run ahead to a far place where a word comes again', () => {
    const heard = spoken('€5 and a b c d e f five', 'five', 'euros', 'and');
    expect(heard.at(20).text).toBe('');
    expect(heard.at(30).text).toBe('€5 and');
  });

  it('goes on from one utterance to the next, texts as they arrived', () => {
    const heard = tracker(
      starts(0, 'One two.  '),
      word('One', 0, 5),
      word('two', 5, 5),
      says(0, samples(10)),
      ends(0, 'One two.  '),
      starts(1, 'Three four.'),
      word('Three', 0, 5),
      word('four', 5, 5),
      says(1, samples(12)),
      ends(1, 'Three four.'),
    );
    expect(heard.at(15).text).toBe('One two.  Three');
    expect(heard.next).toBe(20);
    expect(heard.length).toBe(22);
  });

  it('never takes back: positions only grow', () => {
    const heard = spoken('a b', 'a', 'b');
    heard.at(20);
    expect(heard.at(5)).toMatchObject({ text: 'a b', position: 20 });
  });

  it('keeps what was heard of an utterance that failed, never its whole text', () => {
    const failed: SpeechEvent = { type: 'utterance-error', index: 0, text: 'One two.', error: 'lost' };
    const heard = tracker(starts(0, 'One two.'), word('One', 0, 5), says(0, samples(7)), failed);
    expect(heard.at(7).text).toBe('One');
    heard.add(starts(1, ' Three.'));
    heard.add(says(1, samples(1)));
    heard.add(ends(1, ' Three.'));
    expect(heard.at(8).text).toBe('One Three.');
  });

  it('takes a told duration where bytes do not tell one', () => {
    const mp3 = { encoding: 'mp3', sampleRate: 1, channels: 1 } as const;
    const end: SpeechEvent = { type: 'utterance-end', index: 0, text: 'Hi.', duration: 30 };
    const heard = tracker(starts(0, 'Hi.'), says(0, samples(1), mp3), end);
    expect(heard.at(29).text).toBe('');
    expect(heard.at(30).text).toBe('Hi.');
  });

  it('bears sums that differ in their last digits', () => {
    const heard = tracker(starts(0), says(0, samples(10)), ends(0));
    expect(heard.at(9.999_999_999).text).toBe('Utterance 0.');
  });
});
