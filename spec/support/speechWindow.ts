import type { SpeechWindow } from '../../providers/web-speech/index.js';

/** A window whose speech takes 2 ms a word, with the manners that browsers have. */
export interface ScriptedWindow extends SpeechWindow {
  /** Texts that were handed over. */
  readonly spoken: readonly ScriptedUtterance[];
  /** Utterances it speaks or keeps. */
  readonly busy: number;
  /** Voices appear only after they have been asked for. */
  lateVoices: boolean;
}

interface ScriptedUtterance {
  readonly text: string;
  readonly lang: string;
  readonly rate: number;
  readonly voice: SpeechSynthesisVoice | null;
}

/** As a browser has it: one queue, `cancel` empties it, and what is spoken in the same task as a cancel is lost. */
export function speechWindow(): ScriptedWindow {
  class Utterance {
    lang = '';
    rate = 1;
    pitch = 1;
    volume = 1;
    voice: SpeechSynthesisVoice | null = null;
    onstart: (() => void) | null = null;
    onend: (() => void) | null = null;
    onboundary: ((event: object) => void) | null = null;
    onerror: ((event: object) => void) | null = null;
    constructor(readonly text: string) {}
  }
  const queue: Utterance[] = [];
  const spoken: Utterance[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let justCanceled = false;
  let asked = false;
  const synthesis = Object.assign(new EventTarget(), {
    paused: false,
    resume() {
      synthesis.paused = false;
    },
    getVoices() {
      if (window.lateVoices && !asked) {
        asked = true;
        setTimeout(() => {
          window.lateVoices = false;
          synthesis.dispatchEvent(new Event('voiceschanged'));
        }, 5);
      }
      return window.lateVoices ? [] : [{ name: 'Ada', voiceURI: 'urn:ada', lang: 'en-GB' }];
    },
    speak(utterance: Utterance) {
      if (justCanceled) return;
      spoken.push(utterance);
      queue.push(utterance);
      if (queue.length === 1) begin();
    },
    cancel() {
      clearTimeout(timer);
      justCanceled = true;
      setTimeout(() => (justCanceled = false), 0);
      for (const utterance of queue.splice(0))
        setTimeout(() => utterance.onerror?.({ error: 'canceled' }), 0);
    },
  });
  Object.defineProperties(synthesis, {
    speaking: { get: () => queue.length > 0 },
    pending: { get: () => queue.length > 1 },
  });
  const begin = () => {
    const utterance = queue[0];
    if (!utterance || utterance.text.includes('FAULT-mute')) return;
    const fault = /FAULT-([a-z-]+)/.exec(utterance.text)?.[1];
    const words = [...utterance.text.matchAll(/\S+/g)];
    let at = 0;
    const step = () => {
      if (at === 0) utterance.onstart?.();
      const word = words[at++];
      if (fault && at === 2) {
        queue.shift();
        utterance.onerror?.({ error: fault });
        begin();
      } else if (word) {
        utterance.onboundary?.({
          name: 'word',
          charIndex: word.index,
          charLength: at % 2 ? word[0].length : 0,
        });
        timer = setTimeout(step, 2);
      } else {
        queue.shift();
        utterance.onend?.();
        begin();
      }
    };
    timer = setTimeout(step, 2);
  };
  const window = {
    speechSynthesis: synthesis as unknown as SpeechSynthesis,
    SpeechSynthesisUtterance: Utterance as unknown as SpeechWindow['SpeechSynthesisUtterance'],
    spoken,
    lateVoices: false,
    get busy() {
      return queue.length;
    },
  };
  return window;
}
