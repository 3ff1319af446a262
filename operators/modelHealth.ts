import type { ChatModel } from '../src/chatModel.js';
import type { Filled } from '../src/filled.js';
import { isAbort } from '../src/mayHeal.js';

/** When a model that keeps failing is left alone, and for how long. */
export interface CircuitConfig {
  /** Failures in a row until it is skipped. A whole number over 0, or `Infinity` for never. Default: 3. */
  readonly failures?: number | undefined;
  /** Milliseconds until it is tried again, with one real request. 0 or more. Default: 30000. */
  readonly coolDown?: number | undefined;
}

/** Remembers across calls which models keep failing. Made by {@link createModelHealth}; to be handed on, not read. */
export interface ModelHealth {
  /** Whether the model is to be left alone now. */
  isSkipped(model: ChatModel, now: number, circuit: Filled<CircuitConfig>): boolean;
  /** A request begins; the answer takes what became of it, once. */
  begin(model: ChatModel): (
    outcome:
      | {
          /** What the request failed with. */
          readonly error: unknown;
        }
      | 'success'
      | 'given up',
    now: number,
  ) => void;
}

interface Record {
  failures: number;
  failedAt: number;
  running: number;
}

/**
 * A memory of which models keep failing, for {@link fallbackChain}. It knows a model by the object itself, so make
 * models once, not for each call. Without one of your own all chains share the package's.
 *
 * ```ts
 * const health = createModelHealth();
 * const ask = (prompt: string) => fallbackChain([claude, llama], prompt, { health });
 * ```
 */
export function createModelHealth(): ModelHealth {
  const records = new WeakMap<ChatModel, Record>();
  const recordOf = (model: ChatModel) => {
    const record = records.get(model) ?? { failures: 0, failedAt: -Infinity, running: 0 };
    records.set(model, record);
    return record;
  };
  return {
    isSkipped(model, now, { failures, coolDown }) {
      const record = recordOf(model);
      if (record.failures < failures) return false;
      // One request at a time finds out whether it is well again.
      return now < record.failedAt + coolDown || record.running > 0;
    },
    begin(model) {
      const record = recordOf(model);
      record.running++;
      let over = false;
      return (outcome, now) => {
        if (over) return;
        over = true;
        record.running--;
        if (outcome === 'success') record.failures = 0;
        else if (outcome !== 'given up' && isItsFault(outcome.error)) {
          record.failures++;
          record.failedAt = now;
        }
      };
    },
  };
}

/** Whether an error tells something about the model, and not about who asked or what was asked. */
function isItsFault(error: unknown): boolean {
  const status = (error as { readonly status?: unknown } | null | undefined)?.status;
  return !isAbort(error) && status !== 400 && status !== 413 && status !== 422;
}
