// A workflow from a JSON file: npm run workflow -- FILE --input name="…"          (--help tells the rest)
import { readFile } from 'node:fs/promises';
import { finalize, fromEvent, lastValueFrom, take, takeUntil, tap } from 'rxjs';
import { WorkflowError } from 'rx-aloud';
import { runWorkflow } from 'rx-aloud/pipelines';
import { workflowGraph } from 'rx-aloud/pipelines/workflow';
import { readArguments, usage, UsageError, type Arguments } from './workflow/arguments.js';
import { createAsker } from './workflow/ask.js';
import { eventLines, stepLines } from './workflow/display.js';
import { offline } from './workflow/offline.js';

async function graph(file: string): Promise<void> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new UsageError(`${file} cannot be read`, { cause });
  }
  try {
    process.stdout.write(workflowGraph(JSON.parse(text)));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new UsageError(`${file} is not JSON`, { cause });
    throw cause;
  }
}

// Whether anything has run: what is wrong before that is the caller's to mend.
const progress = { started: false };

async function run(args: Arguments): Promise<void> {
  const terminal = process.stderr.isTTY && process.stdout.isTTY;
  const print = (text: string) => void process.stdout.write(text);
  const display = args.events
    ? eventLines(print)
    : stepLines({
        out: print,
        note: (line) => process.stderr.write(terminal ? `\u001b[2m${line}\u001b[0m\n` : `${line}\n`),
        takeBack: () => terminal && process.stderr.write('\u001b[1A\u001b[2K'),
        now: () => performance.now(),
      });
  const interrupted = fromEvent(process, 'SIGINT').pipe(
    take(1),
    tap(() => {
      process.exitCode = 130;
    }),
  );
  // Nobody reads on: head has seen enough.
  const closed = fromEvent(process.stdout, 'error').pipe(take(1));

  const asker = createAsker();
  const events = runWorkflow(args.file, {
    inputs: args.inputs,
    outputDir: args.out,
    ...(args.offline ? offline : {}),
    ...(args.ask ? { onInput: ({ name, prompt }) => asker.ask(prompt || `${name}?`) } : {}),
  });
  await lastValueFrom(
    events.pipe(
      tap((event) => {
        progress.started = true;
        display(event);
      }),
      takeUntil(interrupted),
      takeUntil(closed),
      finalize(() => asker.close()),
    ),
    { defaultValue: undefined },
  );
  if (process.exitCode === 130) process.stderr.write('\nInterrupted.\n');
}

/** What is wrong, a line each: problems of the file, or the one reason why the run has failed. */
function complaints(error: unknown): readonly string[] {
  if (error instanceof WorkflowError && !progress.started)
    return error.problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  const [line = ''] = String(error instanceof Error ? error.message : error).split('\n');
  return [error instanceof UsageError ? `${line} (--help tells what there is)` : line];
}

const debug = process.argv.includes('--debug');
try {
  const args = readArguments(process.argv.slice(2));
  if (args.help) console.log(usage);
  else if (args.graph) await graph(args.file);
  else await run(args);
} catch (error) {
  // What is wrong with the command line or the file is told before anything has run.
  process.exitCode =
    error instanceof UsageError || (error instanceof WorkflowError && !progress.started) ? 2 : 1;
  if (debug) console.error(error);
  else for (const line of complaints(error)) console.error(`workflow: ${line}`);
}
