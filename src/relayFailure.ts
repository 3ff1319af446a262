import { ConversationConflictError } from './conversationStore.js';
import { environment } from './environment.js';
import * as errors from './errors.js';
import { mayHeal } from './mayHeal.js';
import { ProducerLostError, RelayAbortedError, RelayedError } from './relay.js';
import { redactor } from './secrets.js';

/** An error in plain words, that JSON can carry. */
export interface RelayFailure {
  readonly name: string;
  readonly message: string;
  readonly retryable: boolean;
  /** What its class adds, such as `provider`, `status` or `partial`. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: RelayFailure;
  /** The errors of an `AggregateError`. */
  readonly errors?: readonly RelayFailure[];
}

/** Details that tell somebody on another machine something; headers, requests and the like stay where they are. */
const detailNames = [
  ...['provider', 'status', 'retryAfter', 'partial', 'path', 'issues', 'problems', 'reply', 'utterance'],
  ...['tool', 'id', 'cursor', 'expected', 'actual'],
];
const keyNames = [
  ...['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'GOOGLE_AI_STUDIO_KEY', 'AZURE_SPEECH_KEY', 'REDIS_PASSWORD'],
];
const deepest = 4;
const mostErrors = 8;
/** What looks like a secret, whoever it belongs to: passwords in URLs, keys in queries, bearer tokens, API keys. */
const looksSecret: readonly (readonly [RegExp, string])[] = [
  [/(\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:)[^\s@/]+@/gi, '$1[redacted]@'],
  [
    /((?:api[-_]?key|access[-_]?token|auth[-_]?token|password|secret|key|token)["']?\s*[=:]\s*["']?)[\w./+~-]{8,}/gi,
    '$1[redacted]',
  ],
  [/(\b(?:bearer|basic)\s+)[\w./+~=-]{8,}/gi, '$1[redacted]'],
  [/\b(?:sk|pk|rk)-[\w-]{6,}|\bAIza[\w-]{10,}/g, '[redacted]'],
];

/** An error without its secrets: known ones, those of the environment, and what looks like one. */
export function describeFailure(error: unknown, secrets: readonly string[] = []): RelayFailure {
  const known = redactor([...secrets, ...keyNames.map(environment)]);
  const text = (input: string) =>
    looksSecret.reduce((clean, [pattern, mark]) => clean.replace(pattern, mark), known.text(input));
  const plain = (value: unknown): unknown => {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
  };
  const describe = (failure: unknown, depth: number): RelayFailure => {
    const base = { retryable: mayHeal(failure) };
    if (typeof failure !== 'object' || failure === null) {
      return { name: 'Error', message: text(String(failure)), ...base };
    }
    const fields = failure as Readonly<Record<string, unknown>>;
    const { name, message, cause, errors: several } = fields;
    const details = detailNames.filter((detail) => isPlain(fields[detail]));
    const inner = (part: unknown) => describe(part, depth + 1);
    return {
      name: typeof name === 'string' ? name : 'Error',
      message: text(typeof message === 'string' ? message : ''),
      ...base,
      ...(details.length > 0 && {
        details: Object.fromEntries(details.map((detail) => [detail, plain(fields[detail])])),
      }),
      ...(cause !== undefined && depth < deepest && { cause: inner(cause) }),
      ...(Array.isArray(several) &&
        depth < deepest && { errors: several.slice(0, mostErrors).map((part) => inner(part)) }),
    };
  };
  return describe(error, 0);
}

/** Whether JSON tells the whole of it. */
function isPlain(value: unknown): boolean {
  if (value === undefined || typeof value === 'function') return false;
  if (typeof value !== 'object' || value === null) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (Array.isArray(value)) return value.every(isPlain);
  return prototype === Object.prototype && Object.values(value).every(isPlain);
}

const providerErrors: Readonly<Record<errors.ProviderErrorName, typeof errors.ProviderError>> = {
  ProviderError: errors.ProviderError,
  AuthenticationError: errors.AuthenticationError,
  RateLimitError: errors.RateLimitError,
  OverloadedError: errors.OverloadedError,
  TruncatedReplyError: errors.TruncatedReplyError,
  MalformedReplyError: errors.MalformedReplyError,
  StalledReplyError: errors.StalledReplyError,
  ConnectionError: errors.ConnectionError,
};
const builtIns: Readonly<Record<string, ErrorConstructor>> = {
  Error,
  TypeError,
  RangeError,
  SyntaxError,
  ReferenceError,
  URIError,
  EvalError,
};
const isProviderError = (name: string): name is errors.ProviderErrorName =>
  Object.hasOwn(providerErrors, name);

/** The error again, of the class of that name where this package or the language has it, else a `RelayedError`. */
export function reviveFailure(failure: RelayFailure): Error {
  const { name, message, retryable, details = {} } = failure;
  const cause = failure.cause === undefined ? {} : { cause: reviveFailure(failure.cause) };
  const options = { ...details, ...cause, retryable };
  const word = (detail: string) => {
    const value = details[detail];
    return typeof value === 'string' ? value : '';
  };
  const count = (detail: string) => Number(details[detail]);

  if (isProviderError(name)) return new providerErrors[name](message, options);
  const builtIn = Object.hasOwn(builtIns, name) ? builtIns[name] : undefined;
  if (builtIn !== undefined) return new builtIn(message, cause);
  switch (name) {
    case 'AggregateError':
      return new AggregateError((failure.errors ?? []).map(reviveFailure), message, cause);
    case 'SpeechError':
      return new errors.SpeechError(message, { ...options, utterance: word('utterance') });
    case 'ToolError':
      return new errors.ToolError(message, { ...options, tool: word('tool') });
    case 'WorkflowError':
      return new errors.WorkflowError(message, { ...options, path: word('path') });
    case 'ReplyDivergedError':
      return new errors.ReplyDivergedError(message, {
        ...cause,
        partial: word('partial'),
        reply: word('reply'),
      });
    case 'ConversationConflictError':
      return new ConversationConflictError(word('id'), count('expected'), count('actual'));
    case 'RelayAbortedError':
      return new RelayAbortedError(word('id'));
    case 'ProducerLostError':
      return new ProducerLostError(word('id'), word('cursor'));
    default:
      return new RelayedError(name, message, { ...cause, retryable });
  }
}
