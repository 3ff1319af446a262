// Your own pipeline in virtual time: no key, no network, no waiting. npx vitest run examples/testing
import { filter, map, toArray } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { Conversation } from 'rx-aloud';
import { measure, type Measures } from 'rx-aloud/operators';
import { scriptedModel, scriptedVoice } from 'rx-aloud/providers/scripted';
import { describe, expect, it } from 'vitest';
import { speakReply } from './speakReply.js';

/** Inside, every timer is virtual: a character of a marble string is a millisecond. */
const inVirtualTime = (run: Parameters<TestScheduler['run']>[0]) =>
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(run);

const values = { a: 'Hello Ann. ', b: 'The sky ', c: 'is blue.' };
/** Says its two sentences within 30 ms. */
const model = scriptedModel({ marbles: '----------a---------b---------(c|)', values });
/** For every text 100 ms of audio, after 4 ms; it has ended 7 ms later. */
const voice = scriptedVoice({ marbles: '----x------|', values: { x: 100 } });

describe('speakReply', () => {
  it('is heard 4 ms after the first sentence is whole', () => {
    inVirtualTime(({ flush }) => {
      let seen: Partial<Measures> = {};
      speakReply('Hi.', { model, voice, conversation: new Conversation() })
        .pipe(measure((measures) => (seen = measures)))
        .subscribe();
      flush();
      expect(seen.timeToFirstAudio).toBe(24);
      expect(seen.audioSeconds).toBe(0.2);
    });
  });

  it('speaks in order, each sentence once', () => {
    inVirtualTime(({ expectObservable }) => {
      const order = speakReply('Hi.', { model, voice, conversation: new Conversation() }).pipe(
        filter(({ type }) => type !== 'word'),
        map(({ type, index }) => `${type} ${index}`),
      );
      expectObservable(order).toBe('24ms (sa) 3ms e--(tb) 3ms (f|)', {
        s: 'utterance-start 0',
        a: 'audio 0',
        e: 'utterance-end 0',
        t: 'utterance-start 1',
        b: 'audio 1',
        f: 'utterance-end 1',
      });
    });
  });

  it('goes on where a broken stream has stopped', () => {
    inVirtualTime(({ expectObservable }) => {
      const broken = scriptedModel({ text: 'Hello Ann. The sky is blue.', failAfter: 3 });
      const texts = speakReply('Hi.', { model: broken, voice, conversation: new Conversation() }).pipe(
        toArray(),
        map((events) =>
          events.flatMap((event) => (event.type === 'utterance-end' ? event.text : [])).join(''),
        ),
      );
      expectObservable(texts).toBe('91ms (a|)', { a: 'Hello Ann. The sky is blue.' });
    });
  });

  it('ends request and voice with an unsubscribe, and remembers what was heard', () => {
    inVirtualTime(({ expectObservable, flush }) => {
      const ends: string[] = [];
      const slow = scriptedModel({
        marbles: '-a-b 1s c|',
        values,
        onEnd: (_, how) => ends.push(`model ${how}`),
      });
      const humming = scriptedVoice({
        latency: 5,
        onEnd: ({ text }, how) => ends.push(`voice ${text} ${how}`),
      });
      const conversation = new Conversation();
      expectObservable(speakReply('Hi.', { model: slow, voice: humming, conversation }), '500ms !');
      flush();
      expect(ends).toEqual(['voice Hello Ann. complete', 'model unsubscribe']);
      expect(conversation.messages).toMatchObject([
        { role: 'user', content: 'Hi.' },
        { role: 'assistant', content: 'Hello Ann. ', metadata: { interrupted: true } },
      ]);
    });
  });
});
