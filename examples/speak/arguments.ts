import { parseArgs } from 'node:util';

export const usage = `Speaks a model's reply, or any text, while it is still arriving.

  npm start -- "Why is the sky blue?"
  npm start -- --model ollama:llama3.2 "Tell me a story."
  npm start -- --file book.txt
  echo "Read me." | npm start -- -

Options
  --model NAME[:MODEL]  ollama, anthropic, gemini, openai or scripted; for example ollama:llama3.2
  --file FILE           read this text aloud instead of asking a model; - is standard input
  --voice VOICE         the embedded voice's speaker: slt (default), rms, awb, kal16;
                        or azure, openai, xtts, auto: a voice configured in the environment
  --out DIR             where the WAV files go (default: output)
  --play                play through the loudspeaker, too
  --debug               on an error, show the stack trace
  --help                show this

Without --model, OLLAMA_URL and OLLAMA_DEFAULT_MODEL say which Ollama to ask; without those a local one is tried.
`;

/** What the command line asks for. */
export interface Arguments {
  readonly prompt: string;
  readonly model: string | undefined;
  readonly file: string | undefined;
  readonly voice: string;
  readonly out: string;
  readonly play: boolean;
  readonly debug: boolean;
  readonly help: boolean;
}

/** A command line that makes no sense; the message says why in one line. */
export class UsageError extends Error {}

/** Reads the command line. Throws a `UsageError` for what it does not know. */
export function readArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parse(argv);
  const stdin = positionals.length === 1 && positionals[0] === '-';
  const file = stdin ? '-' : values.file;
  if (values.file !== undefined && positionals.length > 0) {
    throw new UsageError('give either a prompt or --file, not both');
  }
  if (file !== undefined && values.model !== undefined) {
    throw new UsageError(`give either --model or a text to read (${file}), not both`);
  }
  for (const name of ['file', 'model', 'voice', 'out'] as const) {
    if (values[name] === '') throw new UsageError(`--${name} needs a value`);
  }
  return {
    prompt: positionals.join(' ').trim() || 'Why is the sky blue?',
    model: values.model,
    file,
    voice: values.voice,
    out: values.out,
    play: values.play,
    debug: values.debug,
    help: values.help,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        model: { type: 'string' },
        file: { type: 'string' },
        voice: { type: 'string', default: 'slt' },
        out: { type: 'string', default: 'output' },
        play: { type: 'boolean', default: false },
        debug: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    // The parser's own advice ("to specify a positional argument …") runs over several sentences; its first one says it all.
    throw new UsageError((error as Error).message.split(/\.\s/)[0]);
  }
}
