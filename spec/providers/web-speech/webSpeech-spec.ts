import { take } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { webSpeech } from '../../../providers/web-speech/index.js';
import { collect, collectFailure } from '../../support/collect.js';
import { speechWindow } from '../../support/speechWindow.js';
import { describeVoice } from '../voiceConformance.js';

// What these specs cannot tell: whether a real browser keeps to the manners that the scripted window imitates.
describeVoice('web-speech', () => {
  const window = speechWindow();
  const voice = webSpeech({ window });
  const fault = (name: string, error: string, retryable: boolean, speak = voice) => ({
    name,
    speak: () => speak(`Hello FAULT-${name}`),
    error,
    retryable,
  });
  return {
    voice,
    words: true,
    measured: true,
    speech: false,
    requests: () => window.spoken.length,
    running: () => window.busy,
    faults: [
      fault('not-allowed', 'SpeechError', false),
      fault('network', 'SpeechError', true),
      fault('interrupted', 'SpeechError', true),
      fault('mute', 'StalledReplyError', true, webSpeech({ window, startTimeout: 50 })),
    ],
  };
});

describe('webSpeech', () => {
  it('plays by itself: there is no audio', async () => {
    const voice = webSpeech({ window: speechWindow() });
    expect(voice.format).toBeNull();
    expect(voice.maxConcurrency).toBe(1);
    const events = await collect(voice('“Hello”, it’s me.'));
    expect(events).toMatchObject([
      { type: 'word', text: 'Hello', estimated: true },
      { type: 'word', text: 'it’s' },
      { type: 'word', text: 'me' },
    ]);
  });

  it('hands over what it was told', async () => {
    const window = speechWindow();
    await collect(webSpeech({ window, voice: 'Ada', rate: 2, pitch: 0.5, volume: 0.25 })('Hello.'));
    expect(window.spoken[0]).toMatchObject({
      lang: 'en-GB',
      rate: 2,
      pitch: 0.5,
      volume: 0.25,
      voice: { name: 'Ada' },
    });
    await collect(webSpeech({ window, language: 'de' })('Hallo.', { rate: 3, voice: 'urn:ada' }));
    expect(window.spoken[1]).toMatchObject({ lang: 'de', rate: 3, voice: { name: 'Ada' } });
    const { error } = await collectFailure(webSpeech({ window, voice: 'Bob' })('Hello.'));
    expect(error).toMatchObject({ name: 'SpeechError', retryable: false });
  });

  it('waits for the browser’s list of voices', async () => {
    const window = speechWindow();
    window.lateVoices = true;
    expect(await collect(webSpeech({ window, voice: 'Ada' })('Hello.'))).toHaveLength(1);
  });

  it('keeps its own queue, so that one can be cut off without the others', async () => {
    const window = speechWindow();
    const first = webSpeech({ window });
    const second = webSpeech({ window });
    const waiting = collect(second('Two and three.'));
    const dropped = first('Never said.').subscribe();
    const last = collect(first('Four.'));
    const cut = collect(second('Cut off after a word or two of many more.').pipe(take(1)));
    dropped.unsubscribe();
    expect(window.spoken).toHaveLength(1);
    expect(await waiting).toHaveLength(3);
    expect(await last).toHaveLength(1);
    expect(await cut).toHaveLength(1);
    expect(await collect(first('And on.'))).toHaveLength(2);
    expect(window.spoken.map(({ text }) => text)).not.toContain('Never said.');
    await vi.waitFor(() => expect(window.busy).toBe(0));
  });

  it('speaks on where somebody had paused', async () => {
    const window = speechWindow();
    Object.assign(window.speechSynthesis, { paused: true });
    expect(await collect(webSpeech({ window })('Hello.'))).toHaveLength(1);
    expect(window.speechSynthesis.paused).toBe(false);
  });

  it('says that it needs a browser', async () => {
    expect((await collectFailure(webSpeech()('Hello'))).error).toMatchObject({
      name: 'SpeechError',
      retryable: false,
    });
  });

  it('refuses what is out of range, by name', () => {
    expect(() => webSpeech({ rate: 0 })).toThrow(/rate.*0\.1 to 10.*0/);
    expect(() => webSpeech({ pitch: 3 })).toThrow(/pitch/);
    expect(() => webSpeech({ volume: -1 })).toThrow(/volume/);
    expect(() => webSpeech({ startTimeout: 0 })).toThrow(/startTimeout/);
  });
});
