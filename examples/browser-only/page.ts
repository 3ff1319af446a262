import OpenAI from 'openai';
import {
  catchError,
  connect,
  defer,
  EMPTY,
  finalize,
  merge,
  Subject,
  switchMap,
  tap,
  type Observable,
} from 'rxjs';
import type { ChatModel } from 'rx-aloud';
import { bufferSentences, speakableText, toSpeech } from 'rx-aloud/operators';
import { ollama } from 'rx-aloud/providers/ollama';
import { openai } from 'rx-aloud/providers/openai';
import { scriptedModel, scriptedVoice } from 'rx-aloud/providers/scripted';
import { webSpeech } from 'rx-aloud/providers/web-speech';
import { playInPage } from './playInPage.js';

const find = <T extends Element>(selector: string, type: new () => T): T => {
  const found = document.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`the page has no ${selector}`);
  return found;
};
const provider = find('#provider', HTMLSelectElement);
const value = (selector: string) => find(selector, HTMLInputElement).value.trim();
const reply = find('#reply', HTMLElement);
const status = find('#status', HTMLElement);

/** The chosen model. Its requests go out from this page, so its server has to allow that (CORS). */
function chosenModel(): ChatModel {
  const model = value('#model');
  const baseURL = value('#baseURL');
  switch (provider.value) {
    case 'ollama':
      return ollama({ model, baseURL });
    case 'openai': {
      // The SDK wants it said that a key in a page is seen by whoever uses the page: here it is their own.
      const client = new OpenAI({ apiKey: value('#key') || 'none', baseURL, dangerouslyAllowBrowser: true });
      return openai({ model, client });
    }
    default:
      return scriptedModel({
        text: 'The sky is blue because air scatters sunlight. Blue light is scattered the most. At sunset, red is left.',
        tokensPerSecond: 25,
      });
  }
}

/** The browser's own voice, or a hum through Web Audio where it has none. */
function chosenVoice() {
  const hasVoices = speechSynthesis.getVoices().length > 0;
  return hasVoices ? webSpeech({ language: 'en' }) : scriptedVoice({ msPerWord: 220 });
}

/** The whole pipeline. Unsubscribing closes the request and silences the voice. */
function speak(prompt: string): Observable<unknown> {
  return defer(() => {
    reply.textContent = '';
    status.textContent = 'Waiting…';
    return chosenModel()(prompt).pipe(
      connect((tokens) =>
        merge(
          tokens.pipe(tap((token) => reply.append(token))),
          tokens.pipe(
            bufferSentences(),
            toSpeech(chosenVoice(), { prepare: speakableText, maxAhead: 5000 }),
            tap(({ type }) => {
              if (type === 'utterance-start') status.textContent = 'Speaking.';
            }),
            playInPage(),
          ),
        ),
      ),
      tap({ complete: () => (status.textContent = 'Heard to the end.') }),
      catchError((error: unknown) => {
        status.textContent = error instanceof Error ? error.message : String(error);
        return EMPTY;
      }),
      finalize(() => {
        if (/^(Waiting|Speaking)/.test(status.textContent)) status.textContent = 'Stopped.';
      }),
    );
  });
}

const prompts$ = new Subject<string | null>();
prompts$
  .pipe(switchMap((prompt) => (prompt === null ? EMPTY : speak(prompt))))
  .subscribe({ error: (error: unknown) => (status.textContent = String(error)) });

find('#ask', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  if (value('#prompt') !== '') prompts$.next(value('#prompt'));
});
find('#stop', HTMLButtonElement).addEventListener('click', () => prompts$.next(null));

const addresses: Readonly<Record<string, readonly [baseURL: string, model: string]>> = {
  ollama: ['http://localhost:11434', 'llama3.2'],
  openai: ['https://api.openai.com/v1', 'gpt-5.4-mini'],
};
function showFields(): void {
  const [baseURL = '', model = ''] = addresses[provider.value] ?? [];
  find('#baseURL', HTMLInputElement).value = baseURL;
  find('#model', HTMLInputElement).value = model;
  for (const field of document.querySelectorAll<HTMLElement>('.remote')) field.hidden = baseURL === '';
  for (const field of document.querySelectorAll<HTMLElement>('.key'))
    field.hidden = provider.value !== 'openai';
}
provider.addEventListener('change', showFields);
showFields();
