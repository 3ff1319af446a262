import { createReadStream } from 'node:fs';
import { access, constants, readFile, stat } from 'node:fs/promises';
import { catchError, type Observable } from 'rxjs';
import { ConnectionError, fromTokens, type ChatModel, type ChatOptions } from 'rx-aloud';
import { modelFromEnvironment } from 'rx-aloud/pipelines';
import { scriptedModel } from 'rx-aloud/providers/scripted';
import { UsageError, type Arguments } from './arguments.js';
import { localModel } from './localModel.js';

/** Where the text comes from, and how to say so in one line. */
export interface Tokens {
  readonly about: string;
  readonly from: (options: Pick<ChatOptions, 'valve'>) => Observable<string>;
}

/** What the command line and the environment ask for. */
export async function findTokens({ prompt, model, file }: Arguments): Promise<Tokens> {
  if (file !== undefined) return readAloud(file);
  if (model === 'scripted')
    return ask(await scripted(), prompt, 'a bundled text, streamed at a model’s pace');
  if (model !== undefined) return askFor(model, prompt);
  if (process.env['OLLAMA_URL'] ?? process.env['OLLAMA_DEFAULT_MODEL']) return askFor('ollama', prompt);

  const found = await localModel();
  if (found !== undefined) return askFor(`ollama:${found}`, prompt);
  const advice = 'for a live model start Ollama (`ollama run llama3.2`) or name one with --model';
  return ask(
    await scripted(),
    prompt,
    `no live model found, so this is a bundled text streamed at a model’s pace; ${advice}`,
  );
}

function ask(model: ChatModel, prompt: string, about = `${model.provider}:${model.model}`): Tokens {
  return { about, from: (options) => model(prompt, options).pipe(catchError(explain)) };
}

/** A refused connection means something to a newcomer only with what to do about it. */
function explain(error: unknown): never {
  if (!(error instanceof ConnectionError && error.provider === 'ollama')) throw error;
  const url = process.env['OLLAMA_URL'] ?? 'http://localhost:11434';
  throw new Error(
    `no Ollama answers at ${url}: start it with "ollama serve", or set OLLAMA_URL to where it runs (${error.message})`,
    { cause: error },
  );
}

/** `ollama`, `ollama:llama3.2`, `openai:gpt-5`: a provider and, after the first colon, one of its models. */
function askFor(name: string, prompt: string): Tokens {
  const [provider = '', ...rest] = name.split(':');
  const model = rest.join(':');
  if (name.endsWith(':'))
    throw new UsageError(`--model ${name}: the model's name is missing after the colon`);
  return ask(modelFromEnvironment(provider, model === '' ? {} : { model }), prompt);
}

async function scripted(): Promise<ChatModel> {
  const text = await readFile(new URL('../texts/sky.txt', import.meta.url), 'utf8');
  return scriptedModel({ text: text.trim(), tokensPerSecond: 40, firstTokenAfter: 150 });
}

/** A file or, for `-`, standard input, read only as fast as it can be spoken. */
async function readAloud(file: string): Promise<Tokens> {
  if (file !== '-') {
    const isFile = await stat(file)
      .then(async (found) => (await access(file, constants.R_OK), found.isFile()))
      .catch((error: unknown) => {
        throw new Error(`cannot read ${file}: ${(error as Error).message}`, { cause: error });
      });
    if (!isFile) throw new Error(`${file} is not a file`);
  }
  const read = (signal: AbortSignal): AsyncIterable<string> =>
    file === '-'
      ? process.stdin.setEncoding('utf8')
      : createReadStream(file, { encoding: 'utf8', highWaterMark: 4096, signal });
  return {
    about: file === '-' ? 'standard input' : file,
    from: ({ valve }) => fromTokens(read, { valve }),
  };
}
