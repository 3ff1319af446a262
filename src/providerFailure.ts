import {
  AloudError,
  AuthenticationError,
  ConnectionError,
  MalformedReplyError,
  OverloadedError,
  ProviderError,
  RateLimitError,
} from './errors.js';
import { retryAfterOf } from './retryAfter.js';

/** An HTTP answer that says no. */
export interface HttpFailure {
  readonly provider: string;
  readonly status: number;
  readonly message: string;
  /** `Headers` or a plain object. */
  readonly headers?: unknown;
  /** Milliseconds, where something else than the headers says so. */
  readonly retryAfter?: number | undefined;
  readonly cause?: unknown;
}

/** The typed error of an HTTP status. */
export function httpFailure(failure: HttpFailure): ProviderError {
  const { provider, status, cause } = failure;
  // Some SDKs put the status before their message.
  const said = failure.message.startsWith(`${status} `) ? failure.message.slice(4) : failure.message;
  const message = `${provider}: ${status} ${said}`;
  const retryAfter = failure.retryAfter ?? retryAfterOf(failure.headers);
  const options = { provider, status, cause };
  const patient = retryAfter === undefined ? options : { ...options, retryAfter };
  if (status === 401 || status === 403) return new AuthenticationError(message, options);
  if (status === 429) return new RateLimitError(message, patient);
  if (status === 503 || status === 529) return new OverloadedError(message, patient);
  return new ProviderError(message, options);
}

/**
 * The typed error of whatever an SDK or `fetch` has thrown: by its HTTP status where it has one, else by what it
 * says of the connection. An error of ours comes back as it is.
 */
export function providerFailure(provider: string, error: unknown): AloudError {
  if (error instanceof AloudError) return error;
  const { status, status_code, code, headers } = (
    typeof error === 'object' && error !== null ? error : {}
  ) as Readonly<Record<string, unknown>>;
  const known = [status, status_code, code].find((number) => typeof number === 'number' && number >= 400);
  const message = messageOf(error);
  if (typeof known === 'number')
    return httpFailure({ provider, status: known, message, headers, cause: error });
  const options = { provider, cause: error };
  if (isConnectionFailure(error)) return new ConnectionError(`${provider}: ${message}`, options);
  if (error instanceof SyntaxError) return new MalformedReplyError(`${provider}: ${message}`, options);
  return new ProviderError(`${provider}: ${message}`, options);
}

/** What an error says of itself, with the cause where that says more; at most 500 characters. */
export function messageOf(error: unknown): string {
  const parts: string[] = [];
  for (let part: unknown = error, depth = 0; part instanceof Error && depth < 4; part = part.cause, depth++) {
    if (part.message !== '' && !parts.includes(part.message)) parts.push(part.message);
  }
  const whole = parts.length > 0 ? parts.join(': ') : String(error);
  return whole.length > 500 ? `${whole.slice(0, 499)}…` : whole;
}

const connectionCodes = /^(E[A-Z]+|UND_ERR_[A-Z_]+|CERT_[A-Z_]+|ERR_TLS_[A-Z_]+|HPE_[A-Z_]+)$/;
const connectionNames = new Set([
  'APIConnectionError',
  'APIConnectionTimeoutError',
  'TimeoutError',
  'SocketError',
]);
const connectionMessages =
  /fetch failed|failed to fetch|terminated|socket hang up|network ?error|load failed|other side closed|connection error/i;

/** Whether an error tells of a connection that could not be made or has broken. */
export function isConnectionFailure(error: unknown): boolean {
  for (let part: unknown = error, depth = 0; part instanceof Error && depth < 6; part = part.cause, depth++) {
    const { code } = part as { readonly code?: unknown };
    if (typeof code === 'string' && connectionCodes.test(code)) return true;
    if (connectionNames.has(part.name) || connectionNames.has(part.constructor.name)) return true;
    if (part instanceof TypeError && connectionMessages.test(part.message)) return true;
  }
  return false;
}
