import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** How an example's run ended, and what it printed. */
export interface ExampleRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running example: wait for its end, or for something it prints. */
export interface RunningExample {
  readonly process: ChildProcess;
  readonly ended: Promise<ExampleRun>;
  /** Resolves with the match when the standard output so far matches; rejects when the run ends without. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Environment of a newcomer: nothing that names a provider. */
function plainEnvironment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const provider = /^(OLLAMA|ANTHROPIC|GOOGLE|OPENAI|AZURE|COQUI)_/;
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !provider.test(name))),
    ...extra,
  };
}

/** Starts `examples/NAME.ts` as `npm start` and its siblings do, from the repository's top folder. */
export function startExample(
  name: string,
  args: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>>; readonly stdin?: string } = {},
): RunningExample {
  const child = spawn(process.execPath, ['--import', 'tsx', `examples/${name}.ts`, ...args], {
    cwd: root,
    env: plainEnvironment(options.env ?? {}),
  });
  let stdout = '';
  let stderr = '';
  const watchers = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (const watch of watchers) watch();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined).end(options.stdin ?? '');
  const ended = new Promise<ExampleRun>((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return {
    process: child,
    ended,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const watch = () => {
          const found = pattern.exec(stdout);
          if (found === null) return;
          watchers.delete(watch);
          resolve(found);
        };
        watchers.add(watch);
        watch();
        void ended.then(() =>
          reject(new Error(`ended without printing ${String(pattern)}: ${stdout}${stderr}`)),
        );
      }),
  };
}

/** Runs an example to its end. */
export function runExample(...call: Parameters<typeof startExample>): Promise<ExampleRun> {
  return startExample(...call).ended;
}
