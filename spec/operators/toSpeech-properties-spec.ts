import fc from 'fast-check';
import { Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { toSpeech } from '../../operators/toSpeech.js';
import { scriptedModel, scriptedVoice } from '../../providers/scripted/index.js';
import type { SpeechEvent, Voice, VoiceEvent } from '../../src/index.js';
import { marbles } from '../support/marbles.js';

const delays = fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 6 });
/** Texts with the times between them, and for each the times between its pieces of audio and whether it fails. */
const schedule = fc.record({
  texts: fc.array(
    fc.record({
      after: fc.nat({ max: 40 }),
      pieces: delays,
      speakable: fc.boolean(),
      failures: fc.array(fc.nat({ max: 3 }), { maxLength: 3 }),
    }),
    { maxLength: 12 },
  ),
  concurrency: fc.integer({ min: 1, max: 4 }),
  maxAhead: fc.option(fc.nat({ max: 300 }), { nil: undefined }),
  startDelay: fc.nat({ max: 100 }),
  retry: fc.nat({ max: 2 }),
  synchronous: fc.boolean(),
  fallback: fc.boolean(),
});

/** What is really said of each text: the pieces of the last attempt. */
const name = (index: number, attempt: number | string, piece: number) => `${index}.${attempt}.${piece}`;

describe('toSpeech, whatever the schedule', () => {
  it('keeps the order, never interleaves, loses nothing, says nothing twice, and holds its limits', () => {
    fc.assert(
      fc.property(schedule, ({ texts, concurrency, maxAhead, startDelay, retry, synchronous, fallback }) => {
        let running = 0;
        let most = 0;
        const attempts = texts.map(() => 0);
        const format = { encoding: 'pcm_s16le', sampleRate: 1000, channels: 1 } as const;
        const encoder = new TextEncoder();
        // Each piece is its own name, padded to 40 ms.
        const piece = (label: string): VoiceEvent => {
          const data = new Uint8Array(80);
          data.set(encoder.encode(label));
          return { type: 'audio', data };
        };
        const voice: Voice = Object.assign(
          (text: string) =>
            new Observable<VoiceEvent>((out) => {
              const index = Number(text.slice(1));
              const script = texts[index];
              if (!script) throw new Error(`never asked for: ${text}`);
              const attempt = attempts[index]!++;
              most = Math.max(most, ++running);
              const failsAfter = script.failures[attempt];
              const events = script.pieces.map((after, at) => ({
                after: synchronous ? 0 : after,
                event: piece(name(index, attempt, at)),
              }));
              const values = Object.fromEntries(
                events.map(({ event }, at) => [String.fromCharCode(97 + at), event]),
              );
              const said = events
                .slice(0, failsAfter)
                .map(({ after }, at) => ` ${after}ms ${String.fromCharCode(97 + at)}`)
                .join('');
              const marble = `${said}${failsAfter === undefined || failsAfter > events.length ? '|' : '#'}`;
              out.add(scriptedVoice({ marbles: marble, values })(text).subscribe(out));
              return () => {
                running--;
              };
            }),
          { provider: 'random', format },
        );
        // Never fails; its pieces say that they are its own.
        const second: Voice = Object.assign(
          (text: string) => {
            const index = Number(text.slice(1));
            const pieces = texts[index]?.pieces ?? [];
            const letters = pieces.map((_, at) => String.fromCharCode(97 + at));
            const values = Object.fromEntries(
              letters.map((letter, at) => [letter, piece(name(index, 'f', at))]),
            );
            return scriptedVoice({ marbles: `--${letters.join('-')}|`, values })(text);
          },
          { provider: 'second', format },
        );
        const seen: SpeechEvent[] = [];
        let completed = false;
        marbles(({ flush }) => {
          const tokens = texts.map(({ after, speakable }, index) => ({
            after,
            text: speakable ? `t${index}` : '…',
          }));
          scriptedModel({ tokens })('?')
            .pipe(
              toSpeech(voice, {
                concurrency,
                startDelay,
                retry: { count: retry, delay: 5 },
                onError: 'skip',
                ...(maxAhead === undefined ? {} : { maxAhead }),
                ...(fallback ? { fallback: second } : {}),
              }),
            )
            .subscribe({ next: (event) => seen.push(event), complete: () => (completed = true) });
          flush();
        });

        expect(completed).toBe(true);
        expect(most).toBeLessThanOrEqual(concurrency);
        expect(running).toBe(0);
        const decoder = new TextDecoder();
        const spoken = texts.flatMap(({ speakable }, index) => (speakable ? [index] : []));
        let at = 0;
        for (const [order, index] of spoken.entries()) {
          const script = texts[index]!;
          expect(seen[at++]).toEqual({ type: 'utterance-start', index: order, text: `t${index}` });
          let pieces = 0;
          let attempt: string | undefined;
          for (; seen[at]?.type === 'audio' || seen[at]?.type === 'word'; at++) {
            const event = seen[at]!;
            expect(event.index).toBe(order);
            if (event.type !== 'audio') continue;
            const label = decoder.decode(event.data).replaceAll('\0', '');
            attempt ??= label.split('.')[1];
            expect(label).toBe(name(index, attempt ?? '', pieces++));
          }
          const end = seen[at++];
          expect(end?.index).toBe(order);
          const last = attempts[index]! - 1;
          if (attempt === 'f') {
            expect(fallback).toBe(true);
            expect(end?.type).toBe('utterance-end');
            expect(pieces).toBe(script.pieces.length);
            continue;
          }
          if (attempt !== undefined) expect(Number(attempt)).toBe(last);
          // What nobody has heard goes to the fallback rather than to an error.
          if (fallback && attempt === undefined) expect(end?.type).toBe('utterance-end');
          const failsAfter = script.failures[last];
          const fails = failsAfter !== undefined && failsAfter <= script.pieces.length;
          expect(end?.type).toBe(fails ? 'utterance-error' : 'utterance-end');
          expect(pieces).toBe(fails ? failsAfter : script.pieces.length);
        }
        expect(at).toBe(seen.length);
      }),
      { numRuns: 150 },
    );
  });
});
