import { defer, type Observable } from 'rxjs';
import { ProviderError } from '../src/errors.js';

/**
 * A provider's module, imported at the first subscription and only once. Fails with a `ProviderError` that names the
 * package to install where the provider's SDK is missing.
 */
export function loadProvider<T>(provider: string, sdk: string, load: () => Promise<T>): Observable<T> {
  let loaded: Promise<T> | undefined;
  return defer(
    () =>
      (loaded ??= load().catch((error: unknown) => {
        loaded = undefined;
        throw explain(provider, sdk, error);
      })),
  );
}

function explain(provider: string, sdk: string, error: unknown): unknown {
  const { code, message = '' } = error as { code?: string; message?: string };
  if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes(sdk)) return error;
  return new ProviderError(`${provider} needs the package ${sdk}: npm install ${sdk}`, {
    provider,
    retryable: false,
    cause: error,
  });
}
