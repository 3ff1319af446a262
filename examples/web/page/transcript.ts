import type { Message } from 'rx-aloud';
import type { Spoken } from './spokenWord.js';

/** The conversation on the page: what was said and heard, and the reply that is on its way. */
export interface Transcript {
  /** The text of the reply that is on its way. */
  readonly reply: string;
  show(messages: readonly Message[]): void;
  /** A prompt has been sent: its reply begins. */
  begin(prompt: string): void;
  token(text: string): void;
  spoken(spoken: Spoken): void;
  /** The reply ends here without word from the server: only what was heard stays. */
  cut(): void;
}

export function createTranscript(list: HTMLElement): Transcript {
  let text = '';
  let heardTo = 0;
  let live: { heard: HTMLElement; word: HTMLElement; rest: HTMLElement; item: HTMLElement } | undefined;

  const entry = (role: 'user' | 'assistant', content: string | readonly Node[]) => {
    const item = document.createElement('li');
    item.className = role;
    const who = document.createElement('span');
    who.className = 'who';
    who.textContent = role === 'user' ? 'You' : 'Reply';
    item.append(who);
    if (content === '') return item;
    const said = document.createElement('p');
    said.append(...(typeof content === 'string' ? [content] : content));
    item.append(said);
    return item;
  };
  const marked = (item: HTMLElement, words: string) => {
    const mark = document.createElement('span');
    mark.className = 'cut';
    mark.textContent = words;
    item.append(mark);
    return item;
  };
  // Whoever scrolls wants to read there, until the next reply.
  let following = true;
  for (const gesture of ['wheel', 'touchmove', 'keydown']) {
    list.addEventListener(gesture, () => (following = false), { passive: true });
  }
  const follow = (word: HTMLElement) => {
    if (!following || word.textContent === '') return;
    const { top, bottom } = list.getBoundingClientRect();
    const at = word.getBoundingClientRect();
    if (at.top < top + 8 || at.bottom > bottom - 8) list.scrollTop += at.top - (top + (bottom - top) / 3);
  };
  const nothing = 'cut off before a word was heard';

  return {
    get reply() {
      return text;
    },
    show(messages) {
      const turns = messages.filter(({ role }) => role !== 'system');
      live = undefined;
      list.replaceChildren(
        ...turns.flatMap(({ role, content, metadata }, index) => {
          const item = entry(role === 'user' ? 'user' : 'assistant', content.trim());
          if (metadata?.['interrupted'] === true) return [marked(item, 'cut off here')];
          const unanswered = role === 'user' && turns[index + 1]?.role !== 'assistant';
          return unanswered ? [item, marked(entry('assistant', ''), nothing)] : [item];
        }),
      );
      list.scrollTop = list.scrollHeight;
    },
    begin(prompt) {
      text = '';
      heardTo = 0;
      following = true;
      const heard = document.createElement('span');
      const word = document.createElement('mark');
      const rest = document.createElement('span');
      heard.className = 'heard';
      rest.className = 'coming';
      const item = entry('assistant', [heard, word, rest]);
      item.classList.add('live');
      live = { heard, word, rest, item };
      const question = entry('user', prompt);
      list.append(question, item);
      // The question on top: there is room for the reply below it.
      list.scrollTop += question.getBoundingClientRect().top - list.getBoundingClientRect().top;
    },
    token(token) {
      text += token;
      live?.rest.append(token);
    },
    spoken({ heard, begun }) {
      if (live === undefined) return;
      heardTo = heard;
      // The space before a word is not part of it.
      const from = heard + (/^\s*/.exec(text.slice(heard, begun))?.[0].length ?? 0);
      live.heard.textContent = text.slice(0, from);
      live.word.textContent = text.slice(from, begun);
      live.rest.textContent = text.slice(Math.max(from, begun));
      follow(live.word);
    },
    cut() {
      if (live === undefined) return;
      const { item } = live;
      const heard = text.slice(0, heardTo).trim();
      item.replaceWith(marked(entry('assistant', heard), heard === '' ? nothing : 'cut off here'));
      live = undefined;
    },
  };
}
