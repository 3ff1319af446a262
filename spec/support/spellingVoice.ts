import { scriptedVoice, type ScriptedVoiceConfig } from '../../providers/scripted/index.js';
import type { Voice } from '../../src/index.js';

/**
 * A voice that speaks each text by its marbles, a letter being audio of that byte: 1 kHz mono, so that two bytes last
 * a millisecond. A list is one script for each call with that text. Fails with `'failed'`.
 *
 * @param duration Milliseconds of a letter's audio.
 */
export function spellingVoice(
  scripts: Readonly<Record<string, string | readonly string[]>>,
  duration = 1,
  more: ScriptedVoiceConfig = {},
): Voice {
  const calls = new Map<string, number>();
  const letters = Object.fromEntries(
    Array.from('abcdefghijklmnopqrstuvwxyzXYZ', (letter) => [
      letter,
      new Uint8Array(2 * duration).fill(letter.charCodeAt(0)),
    ]),
  );
  return scriptedVoice({
    marbles: (text) => {
      const script = scripts[text] ?? 'a|';
      if (typeof script === 'string') return script;
      const call = calls.get(text) ?? 0;
      calls.set(text, call + 1);
      return script[Math.min(call, script.length - 1)] ?? 'a|';
    },
    values: letters,
    sampleRate: 1000,
    error: 'failed',
    ...more,
  });
}
