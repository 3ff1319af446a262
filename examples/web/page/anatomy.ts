import { fastStarts, type Settings } from '../settings.js';
import type { Anatomy } from './recording.js';

/** The parts of the way to the first sound, in their order. */
const parts = [
  { name: 'model', label: 'first token' },
  { name: 'sentence', label: 'first sentence whole' },
  { name: 'voice', label: 'voice' },
  { name: 'player', label: 'loudspeaker' },
] as const;

/** The first sound of a turn, and the settings it came with. */
export interface FirstSound {
  readonly anatomy: Anatomy;
  readonly settings: Settings;
}

/** The latest turn as a sentence. */
export function tellAnatomy({ model, sentence, voice, player, total }: Anatomy): string {
  const ms = (time: number) => `${Math.round(time)} ms`;
  return (
    `First sound after ${ms(total)}: ${ms(model)} until the first token, ${ms(sentence)} until a sentence was ` +
    `whole, ${ms(voice)} for the voice, ${ms(player)} on the way to the loudspeaker.`
  );
}

/** A bar for each turn, the latest first, all on one scale: what the settings do can be compared. */
export function drawAnatomies(list: HTMLElement, turns: readonly FirstSound[]): void {
  const longest = Math.max(...turns.map(({ anatomy }) => anatomy.total), 1);
  list.replaceChildren(
    ...turns.map(({ anatomy, settings }) => {
      const row = document.createElement('li');
      const bar = document.createElement('div');
      bar.className = 'bar';
      bar.setAttribute('role', 'img');
      bar.setAttribute('aria-label', tellAnatomy(anatomy));
      for (const { name, label } of parts) {
        const part = document.createElement('span');
        part.className = name;
        part.title = `${label}: ${Math.round(anatomy[name])} ms`;
        part.style.width = `${(anatomy[name] / longest) * 100}%`;
        bar.append(part);
      }
      const total = document.createElement('strong');
      total.textContent = `${Math.round(anatomy.total)} ms`;
      const how = document.createElement('span');
      how.className = 'how';
      how.textContent = summary(settings);
      row.append(total, bar, how);
      return row;
    }),
  );
}

function summary(settings: Settings): string {
  const { sentenceBufferSize, minChunkLength, maxBufferTime, fastStart, concurrency } = settings;
  const fast = fastStarts.find(({ value }) => value === fastStart)?.label ?? '';
  return `${sentenceBufferSize} at once · min ${minChunkLength} · ${maxBufferTime} ms · fast start ${fast} · ${concurrency} in synthesis`;
}
