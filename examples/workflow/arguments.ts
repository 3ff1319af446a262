import { parseArgs } from 'node:util';

export const usage = `Runs a workflow from a JSON file: tokens as they come, a line for each step.

  npm run workflow -- examples/workflows/streaming-chat.json --input user_message="Why is the sky blue?"

Options
  --input NAME=VALUE  a value by the name that an input step lists in its outputs; may be repeated
  --ask               ask for what is missing, also when standard input is no terminal
  --out DIR           where the workflow may write files (default: output)
  --offline           scripted replies and voices instead of real ones: no key, no network
  --events            print every event as a line of JSON
  --graph             print the steps as a Mermaid flowchart, run nothing
  --debug             on an error, show the stack trace
  --help              show this

Models and voices come from the environment, such as OLLAMA_URL or OPENAI_API_KEY.
`;

/** What the command line asks for. */
export interface Arguments {
  readonly file: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly ask: boolean;
  readonly out: string;
  readonly offline: boolean;
  readonly events: boolean;
  readonly graph: boolean;
  readonly debug: boolean;
  readonly help: boolean;
}

/** A command line that makes no sense; the message says why in one line. */
export class UsageError extends Error {}

/** Reads the command line. Throws a `UsageError` for what it does not know. */
export function readArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parse(argv);
  const [file = '', ...more] = positionals;
  if (!values.help && file === '') throw new UsageError('which workflow? Give a JSON file');
  if (more.length > 0) throw new UsageError(`one workflow at a time, not ${JSON.stringify(more[0])} too`);
  if (values.out === '') throw new UsageError('--out needs a folder');
  if (values.events && values.graph) throw new UsageError('give either --events or --graph, not both');
  const inputs = new Map<string, string>();
  for (const input of values.input) {
    const at = input.indexOf('=');
    if (at < 1) throw new UsageError(`--input must be NAME=VALUE, got ${JSON.stringify(input)}`);
    const name = input.slice(0, at);
    if (inputs.has(name)) throw new UsageError(`--input ${name} is given twice`);
    inputs.set(name, input.slice(at + 1));
  }
  return { ...values, file, inputs: Object.fromEntries(inputs) };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        input: { type: 'string', multiple: true, default: [] as string[] },
        ask: { type: 'boolean', default: process.stdin.isTTY },
        out: { type: 'string', default: 'output' },
        offline: { type: 'boolean', default: false },
        events: { type: 'boolean', default: false },
        graph: { type: 'boolean', default: false },
        debug: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message.split('\n')[0]?.split('. ')[0] ?? 'unknown option');
  }
}
