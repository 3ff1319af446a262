import { EMPTY, of, Subject, take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { serverSentEvents, type ServerSentEventsConfig } from '../../operators/serverSentEvents.js';
import type { SpeechEvent } from '../../src/speechEvent.js';
import { marbles } from '../support/marbles.js';
import { kilohertz } from '../support/speech.js';

const written = (values: readonly unknown[], config?: ServerSentEventsConfig): string => {
  let text = '';
  of(...values)
    .pipe(serverSentEvents({ heartbeat: Infinity, ...config }))
    .subscribe((frame) => (text += frame));
  return text;
};
const end = 'event: end\ndata: {}\n\n';

describe('serverSentEvents', () => {
  it('writes each value as it comes, an end after the last, a comment into long silences', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const tokens = hot('       -a--b-----------c-|');
      const expected = '         -a--b----p----p-c-(e|)';
      const frames = {
        a: 'id: 1\nevent: text\ndata: "a"\n\n',
        b: 'id: 2\nevent: text\ndata: "b"\n\n',
        c: 'id: 3\nevent: text\ndata: "c"\n\n',
        p: ':\n\n',
        e: end,
      };
      // The heartbeat of 5 follows b at 9 and 14.
      expectObservable(tokens.pipe(serverSentEvents({ heartbeat: 5 }))).toBe(expected, frames);
      expectSubscriptions(tokens.subscriptions).toBe('^-----------------!');
    });
  });

  it('beats before the first value and not after the last', () => {
    marbles(({ hot, expectObservable }) => {
      const frames = { p: ':\n\n', e: end };
      expectObservable(hot('-------|').pipe(serverSentEvents({ heartbeat: 3 }))).toBe('---p--p(e|)', frames);
      expectObservable(hot('-------').pipe(serverSentEvents({ heartbeat: 3 })), '^----!').toBe(
        '---p---',
        frames,
      );
    });
  });

  it('tells a failure with its name and message, then ends', () => {
    marbles(({ hot, expectObservable }) => {
      const f = 'event: failure\ndata: {"name":"RangeError","message":"too far"}\n\n';
      expectObservable(hot('--#', {}, new RangeError('too far')).pipe(serverSentEvents())).toBe('--(f|)', {
        f,
      });
    });
  });

  it('names events by their type, and keeps any text on one line', () => {
    expect(
      written(['a\nb', { type: 'utterance-start', index: 0, text: 'x\r\ny' }, { a: 1 }, 7, undefined]),
    ).toBe(
      [
        'id: 1\nevent: text\ndata: "a\\nb"',
        'id: 2\nevent: utterance-start\ndata: {"type":"utterance-start","index":0,"text":"x\\r\\ny"}',
        'id: 3\ndata: {"a":1}',
        'id: 4\ndata: 7',
        'id: 5\ndata: null',
        'event: end\ndata: {}\n\n',
      ].join('\n\n'),
    );
  });

  it('lets no value write fields of its own', () => {
    expect(written([{ type: 'x\nevent: end\ndata: {}\n\n' }])).toBe(
      `id: 1\ndata: {"type":"x\\nevent: end\\ndata: {}\\n\\n"}\n\n${end}`,
    );
  });

  it('writes audio as base64, whatever holds it and however long, or leaves it out', () => {
    const audio = (data: Uint8Array): SpeechEvent => ({ type: 'audio', index: 0, data, format: kilohertz });
    const long = Uint8Array.from({ length: 100_000 }, (_, i) => i % 251);
    for (const data of [Uint8Array.of(1, 2, 255), Buffer.from([1, 2, 255]), long]) {
      const [, json = ''] = /data: (.*)/.exec(written([audio(data)])) ?? [];
      expect(Buffer.from((JSON.parse(json) as { data: string }).data, 'base64').equals(data)).toBe(true);
    }
    expect(written(['a', audio(long), 'b'], { audio: 'omit' })).toBe(
      `id: 1\nevent: text\ndata: "a"\n\nid: 3\nevent: text\ndata: "b"\n\n${end}`,
    );
  });

  it('tells the error inside an event', () => {
    const failed = { type: 'utterance-error', error: new TypeError('no voice') };
    expect(written([failed])).toContain('"error":{"name":"TypeError","message":"no voice"}');
  });

  it.each([
    ['2', ['c']],
    [2, ['c']],
    ['0', ['a', 'b', 'c']],
    ['99', []],
    [null, ['a', 'b', 'c']],
    ['', ['a', 'b', 'c']],
    ['-1', ['a', 'b', 'c']],
    ['1e9', ['a', 'b', 'c']],
    ['2; rm', ['a', 'b', 'c']],
    [['2'], ['a', 'b', 'c']],
  ])('goes on after the last event id %o', (lastEventId, expected) => {
    const text = written(['a', 'b', 'c'], { lastEventId });
    expect([...text.matchAll(/data: "(.)"/g)].map(([, token]) => token)).toEqual(expected);
  });

  it('counts on for a source that itself goes on', () => {
    expect(written(['c'], { firstId: 3, lastEventId: '2' })).toMatch(/^id: 3\n/);
  });

  it('leaves the source when its consumer does', () => {
    const source = new Subject<string>();
    source.pipe(serverSentEvents(), take(1)).subscribe();
    source.next('a');
    expect(source.observed).toBe(false);
  });

  it.each([
    { heartbeat: 0 },
    { heartbeat: NaN },
    { firstId: -1 },
    { firstId: 0.5 },
    { audio: 'mp3' },
  ] as ServerSentEventsConfig[])('refuses %o', (config) => {
    expect(() => serverSentEvents(config)).toThrow(TypeError);
    expect(() => EMPTY.pipe(serverSentEvents(config))).toThrow(Object.keys(config)[0]);
  });
});
