import { trackHeard, type SpeechEvent } from 'rx-aloud';

/** Places in the text of a reply. */
export interface Spoken {
  /** Everything before has been heard. */
  readonly heard: number;
  /** The word that is being spoken ends here; `heard` where there is none at the moment. */
  readonly begun: number;
}

/**
 * Finds the word that is being spoken. Two trackers look at the same position: to one a word counts when it has ended,
 * to the other when it has begun. What lies between them is the word.
 */
export function createSpokenWord(reply: () => string) {
  const ended = trackHeard();
  const begun = trackHeard();
  // Text without a letter is never spoken: utterances lie in the reply with gaps between them.
  const utterances: { readonly spoken: number; readonly at: number }[] = [];
  let spoken = 0;
  let searched = 0;

  const place = (length: number) => {
    const utterance = utterances.findLast((one) => one.spoken < length);
    return utterance === undefined ? 0 : utterance.at + length - utterance.spoken;
  };
  return {
    add(event: SpeechEvent): void {
      if (event.type === 'utterance-start') {
        const at = Math.max(searched, reply().indexOf(event.text, searched));
        utterances.push({ spoken, at });
        spoken += event.text.length;
        searched = at + event.text.length;
      }
      ended.add(event);
      begun.add(event.type === 'word' ? { ...event, duration: 0 } : event);
    },
    at(position: number): Spoken {
      const heard = place(ended.at(position).text.length);
      return { heard, begun: Math.max(heard, place(begun.at(position).text.length)) };
    },
  };
}
