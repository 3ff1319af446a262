/** Aborted with the reason of the first of some signals; `forget` stops listening to them. */
export interface FirstAbort {
  readonly signal: AbortSignal;
  readonly forget: () => void;
}

/** `AbortSignal.any`, but nothing is left behind at a signal that lives longer than the request. */
export function firstAbort(signals: readonly AbortSignal[]): FirstAbort {
  const controller = new AbortController();
  const abort = () => controller.abort(signals.find(({ aborted }) => aborted)?.reason);
  for (const signal of signals) signal.addEventListener('abort', abort);
  if (signals.some(({ aborted }) => aborted)) abort();
  return {
    signal: controller.signal,
    forget: () => {
      for (const signal of signals) signal.removeEventListener('abort', abort);
    },
  };
}
