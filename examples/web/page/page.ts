import {
  catchError,
  defer,
  EMPTY,
  filter,
  finalize,
  from,
  fromEvent,
  interval,
  merge,
  Subject,
  switchMap,
  tap,
  type Observable,
} from 'rxjs';
import type { Choice, Choices } from '../wire.js';
import { drawAnatomies, tellAnatomy, type FirstSound } from './anatomy.js';
import { createAudioOutput } from './createAudioOutput.js';
import { createControls } from './controls.js';
import { isSpeech, listenTo, type Listening } from './listenTo.js';
import { createPlayer } from './player.js';
import { createRecording, type Recording } from './recording.js';
import { askServer, getChoices, stopTurn } from './server.js';
import { createSpokenWord } from './spokenWord.js';
import { fillTable } from './table.js';
import { drawTimeline, type View } from './timeline.js';
import { createTranscript } from './transcript.js';

const find = <T extends Element>(selector: string, type: new () => T): T => {
  const found = document.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`the page has no ${selector}`);
  return found;
};
const promptBox = find('#prompt', HTMLTextAreaElement);
const stopButton = find('#stop', HTMLButtonElement);
const modelSelect = find('#model', HTMLSelectElement);
const voiceSelect = find('#voice', HTMLSelectElement);
const status = find('#status', HTMLElement);
const timeline = find('#timeline', SVGSVGElement);

const conversation = crypto.randomUUID();
const settings = createControls(find('#settings', HTMLFormElement));
const transcript = createTranscript(find('#transcript', HTMLElement));
const audioOutput = createAudioOutput();
const firstSounds: FirstSound[] = [];
let choices: Choices = { models: [], voices: [], prompts: [] };
let recording: Recording | undefined;
/** What was heard of the reply that was cut off last. */
let heardBefore: number | undefined;

/** A prompt to answer, or null: nothing more. Either cuts off the reply that is being heard. */
const prompts$ = new Subject<string | null>();

/** One turn. Subscribing asks the server; unsubscribing is barge-in: silence here, and the request's end there. */
function turn(prompt: string): Observable<unknown> {
  return defer(() => {
    const sampleRate = choices.voices.find(({ id }) => id === voiceSelect.value)?.sampleRate ?? 48_000;
    const context = audioOutput.open(sampleRate);
    const player = createPlayer(context, context.destination);
    const spoken = createSpokenWord(() => transcript.reply);
    const record = createRecording(settings());
    let id: string | undefined;
    let over = false;

    recording = record;
    transcript.begin(prompt);
    stopButton.disabled = false;
    say('Waiting for the first token…');

    const react = (event: Listening) => {
      if (isSpeech(event)) spoken.add(event);
      switch (event.type) {
        case 'token':
          transcript.token(event.text);
          record.add(event);
          break;
        case 'sentence':
        case 'synthesis':
          record.add(event);
          break;
        case 'plays':
          if (record.anatomy === undefined) say(audioOutput.heldBack ? heldBack : 'Speaking.');
          record.plays(event.index, event);
          showFirstSound(record);
          break;
        case 'position':
          transcript.spoken(spoken.at(event.position));
          break;
        case 'history':
          over = true;
          transcript.show(event.messages);
          break;
        case 'failed':
          say(event.message, true);
          break;
        case 'connection':
          if (event.state === 'lost') say('The connection is lost; trying again…', true);
          else if (status.classList.contains('wrong')) say('Connected again.');
          break;
      }
    };
    return from(
      askServer({
        conversation,
        prompt,
        model: modelSelect.value,
        voice: voiceSelect.value,
        settings: record.settings,
        ...(heardBefore !== undefined && { heard: heardBefore }),
      }),
    ).pipe(
      switchMap((turnId) => {
        id = turnId;
        heardBefore = undefined;
        return listenTo(turnId, player);
      }),
      tap({
        next: react,
        complete: () => {
          if (!status.classList.contains('wrong')) say('Heard to the end.');
        },
      }),
      catchError((error: unknown) => {
        say(error instanceof Error ? error.message : String(error), true);
        return EMPTY;
      }),
      finalize(() => {
        const { position } = player;
        player.stop();
        record.end();
        drawTurn();
        stopButton.disabled = true;
        if (over) return;
        // More may have been heard since the player was last looked at.
        transcript.spoken(spoken.at(position));
        transcript.cut();
        heardBefore = position;
        if (id !== undefined) stopTurn(id, position).catch(() => undefined);
      }),
    );
  });
}

const heldBack = 'Your browser holds the sound back: press a key or touch the page.';

function say(text: string, wrong = false): void {
  status.textContent = text;
  status.classList.toggle('wrong', wrong);
}

function ask(prompt: string): void {
  if (prompt.trim() === '') return;
  promptBox.value = '';
  prompts$.next(prompt.trim());
}

/** Barge-in without a new prompt. */
function stop(why: string): void {
  if (stopButton.disabled) return;
  if (document.activeElement === stopButton) promptBox.focus();
  prompts$.next(null);
  say(why);
}

function showFirstSound(record: Recording): void {
  const { anatomy } = record;
  if (anatomy === undefined) return;
  if (firstSounds[0]?.settings !== record.settings) {
    firstSounds.unshift({ anatomy, settings: record.settings });
    firstSounds.splice(4);
    find('#told', HTMLElement).textContent = tellAnatomy(anatomy);
    drawAnatomies(find('#anatomies', HTMLElement), firstSounds);
  }
}

function drawTurn(): void {
  const view: View = find('#view-start', HTMLInputElement).checked ? 'start' : 'whole';
  drawTimeline(timeline, recording, view);
  if (recording?.ended === undefined) return;
  const { utterances, anatomy } = recording;
  fillTable(find('#utterances', HTMLElement), recording);
  timeline.setAttribute(
    'aria-label',
    `Timeline of ${utterances.length} utterances. ${anatomy === undefined ? 'Nothing was heard.' : tellAnatomy(anatomy)}`,
  );
}

function fill(select: HTMLSelectElement, options: readonly Choice[]): void {
  select.replaceChildren(...options.map(({ id, label }) => new Option(label, id)));
}

async function start(): Promise<void> {
  choices = await getChoices();
  fill(modelSelect, choices.models);
  fill(voiceSelect, choices.voices);
  find('#picks', HTMLElement).replaceChildren(
    ...choices.prompts.map((prompt) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = prompt;
      button.addEventListener('click', () => ask(prompt));
      return button;
    }),
  );

  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const redraw = merge(
    interval(calm ? 500 : 60),
    fromEvent(window, 'resize'),
    fromEvent(find('#view', HTMLElement), 'change'),
  );
  // Nothing moves when nothing happens.
  const drawing = redraw.pipe(
    filter(
      (change) => typeof change !== 'number' || (recording !== undefined && recording.ended === undefined),
    ),
  );
  drawing.subscribe({ next: drawTurn, error: (error: unknown) => say(String(error), true) });
  prompts$
    .pipe(switchMap((prompt) => (prompt === null ? EMPTY : turn(prompt))))
    .subscribe({ error: (error: unknown) => say(String(error), true) });

  find('#ask', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    ask(promptBox.value);
  });
  promptBox.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    ask(promptBox.value);
  });
  promptBox.addEventListener('input', () => {
    if (promptBox.value.trim() !== '') stop('You talked over it.');
  });
  stopButton.addEventListener('click', () => stop('Stopped.'));
  for (const gesture of ['keydown', 'pointerdown']) {
    document.addEventListener(gesture, () => audioOutput.touched());
  }
  document.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') stop('Stopped.');
  });
  window.addEventListener('pagehide', () => prompts$.next(null));
  drawTurn();
  say('Ready.');
}

start().catch(() => say('The server does not answer. Is it still running?', true));
