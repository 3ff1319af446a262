import {
  catchError,
  concat,
  defer,
  filter,
  from,
  map,
  of,
  tap,
  type MonoTypeOperatorFunction,
  type ObservableInput,
} from 'rxjs';
import { ProviderError, ReplyDivergedError, TruncatedReplyError } from '../src/errors.js';
import { isAbort, mayHeal } from '../src/mayHeal.js';
import { shown } from '../src/shown.js';
import { joinReply } from './joinReply.js';

/** How {@link fallbackToComplete} reads the second telling, and when it asks for one. */
export interface FallbackToCompleteConfig {
  /**
   * What `complete` returns once something has been emitted: the reply from its start (`'whole'`), exactly what
   * follows (`'continuation'`), or either, told apart as well as can be (`'auto'`). Default `'auto'`.
   */
  readonly expects?: 'whole' | 'continuation' | 'auto' | undefined;
  /**
   * What to do when the second telling contradicts the first: fail with `ReplyDivergedError` (`'error'`), or emit a
   * paragraph break and the new reply (`'restart'`). Default `'error'`.
   */
  readonly onDivergence?: 'error' | 'restart' | undefined;
  /**
   * Whether to ask at all after this error, with this much text emitted. Default: not after errors that would only
   * repeat (`retryable: false`) nor after an abort; after anything else.
   */
  readonly when?: ((error: unknown, partial: string) => boolean) | undefined;
}

const expectations: readonly unknown[] = ['whole', 'continuation', 'auto'];
const divergences: readonly unknown[] = ['error', 'restart'];

/**
 * When a reply breaks off, asks once for the rest: no word is lost, none said twice.
 *
 * `complete(partial, error)` gets the text emitted so far and returns the second telling, as one value or as a
 * stream. It is called at most once a subscription, and never after an unsubscribe. With nothing emitted yet its
 * text is emitted whole; otherwise `expects` says how the two are joined. A streamed telling is emitted as early as
 * the joining can be decided.
 *
 * ```
 * source              --The -sky #
 * complete('The sky ')           ---is blue.|
 * output              --The -sky ---is blue.|      expects: 'continuation'
 *
 * source              --The -sky #
 * complete('The sky ')           ---The sky is blue.|
 * output              --The -sky ---is blue.|      expects: 'whole'
 * ```
 *
 * "No word lost, none twice" holds for identical wholes and for exact continuations. Prefer `'continuation'` with
 * `model.complete(prompt, { continueFrom: partial })`, which is exact. The same operator leads from one provider to
 * the next.
 *
 * ```ts
 * llama('Why is the sky blue?').pipe(
 *   fallbackToComplete(
 *     (partial) => llama.complete('Why is the sky blue?', { continueFrom: partial }),
 *     { expects: 'continuation' },
 *   ),
 * );
 * ```
 *
 * Fails with the source's own error where `when` says no; with `ReplyDivergedError` (cause: the source's error) where
 * the tellings contradict; with `TruncatedReplyError` where both failed: its `partial` is the text emitted, its
 * `cause` an `AggregateError` of both. An abort of the second telling is passed on as it is.
 *
 * @throws TypeError when an option is out of range.
 * @see {@link fallbackChain} for several models, hedged.
 */
export function fallbackToComplete(
  complete: (partial: string, error: unknown) => ObservableInput<string>,
  config: FallbackToCompleteConfig = {},
): MonoTypeOperatorFunction<string> {
  const { expects = 'auto', onDivergence = 'error', when = mayHeal } = config;
  if (typeof complete !== 'function') {
    throw new TypeError(`fallbackToComplete: complete must be a function, got ${shown(complete)}`);
  }
  if (!expectations.includes(expects)) {
    throw new TypeError(
      `fallbackToComplete: expects must be 'whole', 'continuation' or 'auto', got ${expects as string}`,
    );
  }
  if (!divergences.includes(onDivergence)) {
    throw new TypeError(
      `fallbackToComplete: onDivergence must be 'error' or 'restart', got ${onDivergence as string}`,
    );
  }
  if (typeof when !== 'function') {
    throw new TypeError(`fallbackToComplete: when must be a function, got ${shown(when)}`);
  }

  return (source) =>
    defer(() => {
      let emitted = '';
      const remember = tap((text: string) => {
        emitted += text;
      });
      return source.pipe(
        remember,
        catchError((error: unknown) => {
          if (!when(error, emitted)) throw error;
          const partial = emitted;
          const join = joinReply(partial, expects, (reply) => {
            if (onDivergence === 'restart') return reply === '' ? '' : `\n\n${reply}`;
            throw new ReplyDivergedError('the second telling of the reply contradicts what was emitted', {
              partial,
              reply,
              cause: error,
            });
          });
          const telling = defer(() => from(complete(partial, error))).pipe(
            catchError((second: unknown) => {
              throw bothFailed(error, second, emitted);
            }),
          );
          return concat(
            telling.pipe(map((text) => join.push(text))),
            defer(() => of(join.end())),
          ).pipe(
            filter((text) => text !== ''),
            remember,
          );
        }),
      );
    });
}

function bothFailed(first: unknown, second: unknown, partial: string): unknown {
  if (isAbort(second)) return second;
  const told = [first, second].find((error) => error instanceof ProviderError);
  const why = second instanceof Error ? `: ${second.message}` : '';
  return new TruncatedReplyError(`the reply broke off and its fallback failed too${why}`, {
    ...(told && { provider: told.provider }),
    partial,
    retryable: mayHeal(first) || mayHeal(second),
    cause: new AggregateError([first, second], 'the stream failed, and so did its fallback'),
  });
}
