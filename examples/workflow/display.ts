import type { WorkflowEvent } from 'rx-aloud/pipelines';

/** Shows the events of a run. */
export type Display = (event: WorkflowEvent) => void;

/** Every event as a line of JSON; audio as its number of bytes, errors by name, message and place. */
export function eventLines(print: (text: string) => void): Display {
  return (event) =>
    print(
      `${JSON.stringify(event, (_, value: unknown) => {
        if (value instanceof Uint8Array) return { bytes: value.length };
        if (!(value instanceof Error)) return value;
        const { name, message } = value;
        return { name, message, ...('path' in value ? { path: value.path } : {}) };
      })}\n`,
    );
}

/** What a display writes to. */
export interface Screen {
  /** Replies and results. */
  readonly out: (text: string) => void;
  /** A line about what is going on. */
  readonly note: (line: string) => void;
  /** Takes back the last note, where that can be done and nothing has been written since. */
  readonly takeBack: () => void;
  readonly now: () => number;
}

/**
 * Replies as they come, with a line when a step begins and one when it has ended. When several steps reply at the same
 * time, the first is shown live and the others when it is their turn: nobody can read two texts at once. Lines wait
 * until a text is whole.
 */
export function stepLines({ out, note, takeBack, now }: Screen): Display {
  const began = new Map<string, number>();
  const waiting = new Map<string, string>();
  let notes: string[] = [];
  let live: string | undefined;
  let midLine = false;
  /** The step whose beginning is the last that was written. */
  let last: string | undefined;

  const write = (text: string) => {
    if (text === '') return;
    last = undefined;
    out(text);
    midLine = !text.endsWith('\n');
  };
  const line = (text: string, begins?: string) => {
    if (live !== undefined) {
      notes.push(text);
      return;
    }
    if (midLine) write('\n');
    note(text);
    last = begins;
  };
  const show = (name: string, text: string, headed: boolean) => {
    if (headed) line(`  ${name}:`);
    live = name;
    write(text);
  };
  const settle = () => {
    live = undefined;
    const held = notes;
    notes = [];
    for (const text of held) line(text);
  };

  return (event) => {
    const name = 'step' in event ? [...(event.within ?? []), event.step].join(' › ') : '';
    switch (event.type) {
      case 'step-start':
        began.set(name, now());
        // a question and its answer stay where they are
        line(`… ${name} (${event.stepType})`, event.stepType === 'input' ? undefined : name);
        break;
      case 'token':
        if (live === undefined) show(name, event.text, began.size > 1);
        else if (live === name) write(event.text);
        else waiting.set(name, (waiting.get(name) ?? '') + event.text);
        break;
      case 'utterance-start':
        line(`  ♪ ${event.text.trim()}`);
        break;
      case 'step-error':
        if (live === name) settle();
        line(`✗ ${name}: ${event.error.message.split('\n')[0] ?? ''} (${event.action})`);
        break;
      case 'step-end': {
        const seconds = (now() - (began.get(name) ?? now())) / 1000;
        began.delete(name);
        if (live === name) settle();
        if (last === name) takeBack();
        line(`✓ ${name} ${seconds.toFixed(1)} s`);
        if (event.text !== undefined && event.within === undefined) write(`${event.text}\n`);
        while (live === undefined) {
          const [first] = waiting;
          if (!first) break;
          waiting.delete(first[0]);
          show(first[0], first[1], true);
          // it had ended already
          if (!began.has(first[0])) settle();
        }
        break;
      }
    }
  };
}
