// What workers of the specs do, in the spec's process and in others: `queuedWork.ts URL PREFIX FILE [HANG [OPTIONS]]` is
// a worker whose step HANG never ends. It says what it does on its standard output, and drains on SIGTERM.
import { appendFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { concat, fromEvent, map, NEVER, of, timer } from 'rxjs';
import { workflowWorker, type WorkflowWorkerConfig } from '../../pipelines/bullmq/index.js';
import type { StepHandler } from '../../pipelines/index.js';
import { scriptedModel } from '../../providers/scripted/index.js';

/** Three steps, each with an effect: a line in a file. The second one is a model's reply. */
export const threeSteps = {
  name: 'three-steps',
  steps: [
    { id: 'a', type: 'work' },
    {
      id: 'b',
      type: 'llm_chat',
      config: { provider: 'm', stream: true },
      inputs: { message: '{{a.value}}' },
    },
    { id: 'c', type: 'work', inputs: { after: '{{b.response}}' } },
    { id: 'out', type: 'output', inputs: { all: '{{a.value}}, {{b.response}}, {{c.value}}' } },
  ],
};

/** What three steps give, however often their workers die. */
export const threeResults = { all: 'a after nothing, one two three, c after one two three' };

/** Handlers and models that leave a line in a file for each step they have done: `a`; for each request, `ask b`. */
export function work(
  file: string,
  hang?: string,
): Required<Pick<WorkflowWorkerConfig, 'handlers' | 'models'>> {
  const done = (line: string) => appendFileSync(file, `${line}\n`);
  const handler: StepHandler = ({ id, config, inputs }) =>
    concat(
      // The last early value is shown when the next one has come.
      of({ value: 'working' }, { value: 'still working' }),
      (id === hang ? NEVER : timer(Number(config['ms'] ?? 20))).pipe(
        map(() => {
          done(id);
          return { value: `${id} after ${(inputs['after'] as string | undefined) ?? 'nothing'}` };
        }),
      ),
    );
  const m = scriptedModel({
    tokens: ['one', { text: ' two', after: 10 }, { text: ' three', after: hang === 'b' ? 86_400_000 : 10 }],
    onRequest: () => done('ask b'),
    onEnd: (_, how) => how === 'complete' && done('b'),
  });
  return { handlers: { work: handler }, models: { m } };
}

/** What workers of specs have in common: quick to miss each other, but not while the machine is busy. */
export const quick = { lockDuration: 3000, stalledInterval: 700 };

if (resolve(process.argv[1] ?? '') === fileURLToPath(import.meta.url)) {
  const [url = '', prefix = '', file = '', hang, options = '{}'] = process.argv.slice(2);
  workflowWorker({
    connection: { url },
    prefix,
    ...quick,
    ...work(file, hang),
    drainOn: fromEvent(process, 'SIGTERM'),
    ...(JSON.parse(options) as object),
  }).subscribe({
    next: (event) => console.log(JSON.stringify(event)),
    complete: () => console.log('"drained"'),
  });
}
