import { asyncScheduler, catchError, defer, EMPTY, finalize, tap, throwError } from 'rxjs';
import type { Observable, SchedulerLike } from 'rxjs';
import type { ChatModel, ChatOptions } from '../src/chatModel.js';
import { TruncatedReplyError } from '../src/errors.js';
import type { Filled } from '../src/filled.js';
import { isAbort, mayHeal } from '../src/mayHeal.js';
import type { Prompt } from '../src/message.js';
import { shown } from '../src/shown.js';
import { fallbackToComplete } from './fallbackToComplete.js';
import { firstToSpeak } from './firstToSpeak.js';
import { createModelHealth, type CircuitConfig, type ModelHealth } from './modelHealth.js';

/** How {@link fallbackChain} goes from one model to the next. */
export interface FallbackChainConfig {
  /**
   * Milliseconds without a first token until the next model is asked as well; the first to speak wins, the others are
   * aborted. 0 asks all at once. Default: none, a model is only asked when the one before has failed.
   */
  readonly hedgeAfter?: number | undefined;
  /**
   * For every request. The non-streaming one that continues a broken reply gets them without `firstTokenTimeout` and
   * `idleTimeout`, which say nothing about a whole reply.
   */
  readonly options?: ChatOptions | undefined;
  /** Whether the next model may be asked after this error. Default: after any error but an abort. */
  readonly when?: ((error: unknown, model: ChatModel) => boolean) | undefined;
  /** When a model that keeps failing is skipped, and for how long. `false`: never. */
  readonly circuit?: CircuitConfig | false | undefined;
  /** Where failures are remembered from call to call. Default: one memory for the whole package, by model object. */
  readonly health?: ModelHealth | undefined;
  /** Where time passes, also that of the circuit. Default: `asyncScheduler`. */
  readonly scheduler?: SchedulerLike | undefined;
}

/** A place in the list: the same model may stand there twice. */
interface Candidate {
  readonly model: ChatModel;
}

const sharedHealth = createModelHealth();

/**
 * Asks the first model, and the next one where it fails: with the whole prompt while nothing has been said, else for
 * exactly what follows (`complete` with `continueFrom`). No word is lost, none said twice.
 *
 * ```
 * a              --#                              a              -------x
 * b                -The -sky #                    b              ---The sky|
 * c.complete               -is blue.|
 * fallbackChain  ---The -sky -is blue.|           hedgeAfter 3   ------The sky|     a is aborted
 * ```
 *
 * A model that has failed `circuit.failures` times in a row is skipped for `circuit.coolDown`; then one request that
 * is made anyway tries it again. There are no probes. Failures that tell nothing about the model (aborts, 400, 413,
 * 422) don't count, nor does losing a race. Where every model is being skipped, all are asked after all.
 *
 * ```ts
 * fallbackChain([claude, gpt, llama], 'Why is the sky blue?', { hedgeAfter: 1500 })
 *   .pipe(bufferSentences(), toSpeech(voice))
 *   .subscribe(play);
 * ```
 *
 * Cold: each subscription is a fresh round of requests. Fails with a lone failure as it is, with an abort as it is,
 * else with `TruncatedReplyError`: `partial` is the text emitted, `cause` an `AggregateError` of every failure in the
 * order they came.
 *
 * @throws TypeError when there is no model or an option is out of range.
 */
export function fallbackChain(
  models: readonly ChatModel[],
  prompt: Prompt,
  config: FallbackChainConfig = {},
): Observable<string> {
  const { hedgeAfter, options, when = () => true, health = sharedHealth } = config;
  const { scheduler = asyncScheduler } = config;
  const circuit = checkedCircuit(config.circuit);
  const list: unknown = models;
  if (!Array.isArray(list)) {
    throw new TypeError(`fallbackChain: models must be a list of chat models, got ${typeof list}`);
  }
  if (models.length === 0) throw new TypeError('fallbackChain: models must hold one model or more, got none');
  const other = list.find((model) => typeof model !== 'function') as unknown;
  if (other !== undefined) {
    throw new TypeError(`fallbackChain: models must be chat models, got ${typeof other}`);
  }
  if (hedgeAfter !== undefined && !(hedgeAfter >= 0 && hedgeAfter < Infinity)) {
    throw new TypeError(`fallbackChain: hedgeAfter must be milliseconds from 0, got ${shown(hedgeAfter)}`);
  }
  if (typeof when !== 'function') {
    throw new TypeError(`fallbackChain: when must be a function, got ${shown(when)}`);
  }
  // The reason of an aborted signal may be anything.
  const wished = (error: unknown) => isAbort(error) || options?.signal?.aborted === true;
  const untimed: { -readonly [name in keyof ChatOptions]: ChatOptions[name] } = { ...options };
  delete untimed.firstTokenTimeout;
  delete untimed.idleTimeout;

  return defer(() => {
    const well = models.filter((model) => !health.isSkipped(model, scheduler.now(), circuit));
    const left = new Set((well.length > 0 ? well : models).map((model): Candidate => ({ model })));
    const failures: unknown[] = [];
    let said = '';
    let over = false;

    const ask = (candidate: Candidate, request: () => Observable<string>) =>
      defer(() => {
        const settle = health.begin(candidate.model);
        return defer(request).pipe(
          tap({
            complete: () => settle('success', scheduler.now()),
            error: (error: unknown) => {
              settle({ error }, scheduler.now());
              failures.push(error);
              left.delete(candidate);
              over ||= wished(error) || !when(error, candidate.model);
            },
          }),
          finalize(() => settle('given up', scheduler.now())),
        );
      });
    const remember = tap((text: string) => {
      said += text;
    });

    const candidates = [...left];
    const stream = firstToSpeak(
      candidates.map((candidate) => ask(candidate, () => candidate.model(prompt, options))),
      { hedgeAfter, scheduler, goOn: () => !over },
    );
    const continued = candidates.slice(1).reduce(
      (source) =>
        source.pipe(
          fallbackToComplete(
            (partial) => {
              const [next] = left;
              if (!next) return EMPTY;
              return ask(next, () =>
                partial === ''
                  ? next.model(prompt, options)
                  : next.model.complete(prompt, { ...untimed, continueFrom: partial }),
              );
            },
            { expects: 'continuation', when: () => !over && left.size > 0 },
          ),
        ),
      stream,
    );
    return continued.pipe(
      remember,
      catchError((error: unknown) => {
        const last = failures.at(-1);
        if (wished(error) || wished(last)) return throwError(() => (isAbort(error) ? error : last) as Error);
        if (failures.length === 1) return throwError(() => last as Error);
        return throwError(
          () =>
            new TruncatedReplyError(`all ${failures.length} models that were asked have failed`, {
              partial: said,
              retryable: failures.some(mayHeal),
              cause: new AggregateError(failures, 'every model failed'),
            }),
        );
      }),
    );
  });
}

function checkedCircuit(circuit: FallbackChainConfig['circuit']): Filled<CircuitConfig> {
  const { failures = 3, coolDown = 30_000 } = circuit === false ? { failures: Infinity } : (circuit ?? {});
  if (!(failures >= 1 && (Number.isInteger(failures) || failures === Infinity))) {
    throw new TypeError(
      `fallbackChain: circuit.failures must be a whole number over 0, got ${shown(failures)}`,
    );
  }
  if (!(coolDown >= 0)) {
    throw new TypeError(
      `fallbackChain: circuit.coolDown must be milliseconds from 0, got ${shown(coolDown)}`,
    );
  }
  return { failures, coolDown };
}
