import { concat, NEVER, Observable, of, take, throwError } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { uiMessageChunks, type UIMessageStreamChunk } from '../../operators/uiMessageChunks.js';
import type { ChatEvent } from '../../src/chatModel.js';
import { marbles } from '../support/marbles.js';

const text = (said: string): ChatEvent => ({ type: 'text', text: said });
const thought = (said: string): ChatEvent => ({ type: 'reasoning', text: said });
const call = (id: string): ChatEvent => ({
  type: 'tool-call',
  id,
  name: 'clock',
  arguments: { zone: 'UTC' },
});
const result = (id: string, value: unknown, isError = false) =>
  ({ type: 'tool-result', id, name: 'clock', result: value, isError }) as const;
const stop: ChatEvent = { type: 'finish', reason: 'stop', usage: { inputTokens: 3, outputTokens: 2 } };

/** Chunks in short: their types, what they say in brackets. */
const told = (...events: (string | ChatEvent | ReturnType<typeof result>)[]) => brief(of(...events));
function brief(source: Observable<string | ChatEvent | ReturnType<typeof result>>): string[] {
  const seen: string[] = [];
  source.pipe(uiMessageChunks()).subscribe((chunk) => {
    const said = 'delta' in chunk ? `(${chunk.delta})` : '';
    seen.push('id' in chunk ? `${chunk.type} ${chunk.id}${said}` : chunk.type);
  });
  return seen;
}

describe('uiMessageChunks', () => {
  it('begins at once, tells each token when it comes, and what belongs around it', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold('-----r-----t-----u--f|', { r: thought('Hm'), t: 'It', u: ' is', f: stop });
      const values: Record<string, UIMessageStreamChunk> = {
        s: { type: 'start', messageId: 'm-1' },
        e: { type: 'start-step' },
        o: { type: 'reasoning-start', id: 'reasoning-1' },
        r: { type: 'reasoning-delta', id: 'reasoning-1', delta: 'Hm' },
        c: { type: 'reasoning-end', id: 'reasoning-1' },
        O: { type: 'text-start', id: 'text-2' },
        t: { type: 'text-delta', id: 'text-2', delta: 'It' },
        u: { type: 'text-delta', id: 'text-2', delta: ' is' },
        C: { type: 'text-end', id: 'text-2' },
        p: { type: 'finish-step' },
        f: {
          type: 'finish',
          finishReason: 'stop',
          messageMetadata: { usage: { inputTokens: 3, outputTokens: 2 } },
        },
      };
      expectObservable(source.pipe(uiMessageChunks({ messageId: 'm-1' }))).toBe(
        '(se)-(or)--(cOt)-u---(Cpf|)',
        values,
      );
    });
  });

  it('is a message also where nothing was said', () => {
    expect(told()).toEqual(['start', 'start-step', 'finish-step', 'finish']);
    expect(told('', text(''))).toEqual(['start', 'start-step', 'finish-step', 'finish']);
  });

  it('has a step for each request that tools make necessary', () => {
    expect(told(text('Let me see.'), call('a'), call('b'), text('It is noon.'), stop)).toEqual([
      ...['start', 'start-step', 'text-start text-1', 'text-delta text-1(Let me see.)', 'text-end text-1'],
      ...['tool-input-available', 'tool-input-available', 'finish-step', 'start-step'],
      ...['text-start text-2', 'text-delta text-2(It is noon.)', 'text-end text-2', 'finish-step', 'finish'],
    ]);
    expect(told(call('a'), result('a', 'noon'), call('b'), result('b', 'no', true), stop)).toEqual([
      ...[
        'start',
        'start-step',
        'tool-input-available',
        'tool-output-available',
        'finish-step',
        'start-step',
      ],
      ...['tool-input-available', 'tool-output-error', 'finish-step', 'finish'],
    ]);
  });

  it('ends with an error, or with an abort, after what came before it', () => {
    const lost = throwError(() => new Error('lost'));
    const aborted = throwError(() => new DOMException('enough', 'AbortError'));
    const begun = ['start', 'start-step', 'text-start text-1', 'text-delta text-1(Half)', 'text-end text-1'];
    expect(brief(concat(of('Half'), lost))).toEqual([...begun, 'error']);
    expect(brief(concat(of('Half'), aborted))).toEqual([...begun, 'abort']);
    const chunks: UIMessageStreamChunk[] = [];
    const errorText = () => 'Something went wrong.';
    lost.pipe(uiMessageChunks({ errorText })).subscribe((chunk) => chunks.push(chunk));
    expect(chunks.at(-1)).toEqual({ type: 'error', errorText: 'Something went wrong.' });
  });

  it('lets its source go, a synchronous one too, and starts afresh for each subscription', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold('------a---', { a: 'Hi' });
      expectObservable(source.pipe(uiMessageChunks(), take(3))).toBe('(se)--(o|)', {
        s: { type: 'start' },
        e: { type: 'start-step' },
        o: { type: 'text-start', id: 'text-1' },
      });
      expectSubscriptions(source.subscriptions).toBe('^-----!');
    });
    let produced = 0;
    const endless = new Observable<string>((subscriber) => {
      while (!subscriber.closed && produced < 1000) {
        produced++;
        subscriber.next('a');
      }
    });
    endless.pipe(uiMessageChunks(), take(5)).subscribe();
    expect(produced).toBe(2);
    const twice = of('a').pipe(uiMessageChunks());
    const first: unknown[] = [];
    const second: unknown[] = [];
    twice.subscribe((chunk) => first.push(chunk));
    twice.subscribe((chunk) => second.push(chunk));
    expect(second).toEqual(first);
  });

  it('says nothing more than the beginning while nothing comes', () => {
    expect(brief(NEVER)).toEqual(['start', 'start-step']);
  });

  it.each([
    [{ messageId: '' }, 'messageId'],
    [{ messageId: 5 as never }, 'messageId'],
    [{ errorText: 'oh' as never }, 'errorText'],
  ])('refuses %o, naming %s', (config, field) => {
    expect(() => uiMessageChunks(config)).toThrow(TypeError);
    expect(() => uiMessageChunks(config)).toThrow(`uiMessageChunks: ${field} must be`);
  });
});
