import { availableParallelism } from 'node:os';
import { ProviderError } from '../../src/errors.js';
import type { ContextSequence, Llama, Model, NodeLlamaCpp } from './nodeLlamaCpp.js';

/** What an engine is made of. */
export interface EngineConfig {
  readonly modelPath: string;
  readonly contextSize: number | undefined;
  readonly gpu: boolean | string;
  readonly maxThreads: number | undefined;
  readonly load: () => Promise<NodeLlamaCpp>;
}

/** A loaded model for one request, until `release`. */
export interface Turn {
  readonly package: NodeLlamaCpp;
  readonly llama: Llama;
  readonly model: Model;
  readonly sequence: ContextSequence;
  /** Asked before each step of the engine, which goes on when `step` is called. */
  gate: (step: () => void) => void;
  /** Aborted when the engine is disposed of. */
  readonly disposed: AbortSignal;
  release(): void;
}

/** A model file that is loaded when it is first needed, kept, and used by one request at a time. */
export interface Engine {
  turn(signal: AbortSignal): Promise<Turn>;
  dispose(): Promise<void>;
}

type Loaded = Omit<Turn, 'release' | 'disposed'>;

export function createEngine(config: EngineConfig): Engine {
  let loaded: Promise<Loaded> | undefined;
  let last: Promise<void> = Promise.resolve();
  let life = new AbortController();

  function keep(loading: Promise<Loaded>): Promise<Loaded> {
    loading.catch(() => {
      // the next request may find the file, or the package
      if (loaded === loading) loaded = undefined;
    });
    return loading;
  }

  return {
    async turn(signal) {
      const before = last;
      const disposed = life.signal;
      let release: () => void = () => undefined;
      const over = new Promise<void>((resolve) => {
        release = resolve;
      });
      last = before.then(() => over);
      try {
        await before;
        signal.throwIfAborted();
        disposed.throwIfAborted();
        const found = await (loaded ??= keep(load(config)));
        signal.throwIfAborted();
        return Object.assign(found, { release, disposed });
      } catch (error) {
        release();
        throw error;
      }
    },
    async dispose() {
      life.abort(new ProviderError('llama-cpp: the model was disposed of', { provider: 'llama-cpp' }));
      life = new AbortController();
      const gone = loaded;
      loaded = undefined;
      // the engine must not be freed under a request
      last = last.then(async () => {
        const { llama } = (await gone?.catch(() => undefined)) ?? {};
        await llama?.dispose();
      });
      await last;
    },
  };
}

async function load({
  modelPath,
  contextSize,
  gpu,
  maxThreads,
  load: importPackage,
}: EngineConfig): Promise<Loaded> {
  const loadedPackage = await importPackage();
  const llama = await loadedPackage.getLlama({
    build: 'never',
    gpu,
    logLevel: 'error',
    progressLogs: false,
    maxThreads: maxThreads ?? 1,
  });
  try {
    // all threads wait for the slowest: one that has no core to itself makes a reply a thousand times slower, and
    // whoever plays what is generated needs a core too
    if (maxThreads === undefined)
      llama.maxThreads = Math.max(1, Math.min(llama.cpuMathCores, availableParallelism()) - 1);
    const model = await llama.loadModel({ modelPath });
    const loaded: { value?: Loaded } = {};
    const context = await model.createContext({
      ...(contextSize !== undefined && { contextSize }),
      // with a single sequence the schedule is not asked: a step follows at once
      sequences: 2,
      batching: { dispatchSchedule: (step: () => void) => (loaded.value ? loaded.value.gate(step) : step()) },
    });
    loaded.value = {
      package: loadedPackage,
      llama,
      model,
      sequence: context.getSequence(),
      gate: (step) => step(),
    };
    return loaded.value;
  } catch (error) {
    await llama.dispose();
    throw error;
  }
}
