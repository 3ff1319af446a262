/** What every error of this package has: a literal `name`, a `cause`, and whether trying again can help. */
export abstract class AloudError extends Error {
  /** Literal in every class: it tells them apart where `instanceof` cannot. */
  abstract override readonly name: string;
  /** Whether the same request may succeed when made again. */
  readonly retryable: boolean;

  constructor(message: string, options: { readonly cause?: unknown; readonly retryable: boolean }) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.retryable = options.retryable;
  }
}

/** Names of the errors that a provider's failure can have. */
export type ProviderErrorName =
  | 'ProviderError'
  | 'AuthenticationError'
  | 'RateLimitError'
  | 'OverloadedError'
  | 'TruncatedReplyError'
  | 'MalformedReplyError'
  | 'StalledReplyError'
  | 'ConnectionError';

/** Details of a provider's failure. */
export interface ProviderErrorOptions {
  /** The provider's name, such as `ollama`. */
  readonly provider?: string;
  /** HTTP status, where there was one. */
  readonly status?: number;
  /** What it comes from. */
  readonly cause?: unknown;
  /** By default told by the status: 408, 409, 429 and 5xx are. */
  readonly retryable?: boolean;
}

/** Whether an HTTP status is one that may heal: 408, 409, 429 and every 5xx. */
export function isRetryableStatus(status: number | undefined): boolean {
  return status === 408 || status === 409 || status === 429 || (status !== undefined && status >= 500);
}

/** A provider said no, or said something wrong. The base of every error about a provider. */
export class ProviderError extends AloudError {
  /** Of the class. */
  override readonly name: ProviderErrorName = 'ProviderError';
  /** The provider’s name, such as `ollama`. */
  readonly provider: string;
  /** HTTP status, where there was one. */
  readonly status: number | undefined;

  constructor(message: string, options: ProviderErrorOptions = {}) {
    super(message, { ...options, retryable: options.retryable ?? isRetryableStatus(options.status) });
    this.provider = options.provider ?? 'unknown';
    this.status = options.status;
  }
}

/** A key is missing, refused (401) or not allowed to do this (403). Not retryable. */
export class AuthenticationError extends ProviderError {
  override readonly name = 'AuthenticationError';

  constructor(message: string, options: ProviderErrorOptions = {}) {
    super(message, { retryable: false, ...options });
  }
}

/** Too many requests (429). Retryable. */
export class RateLimitError extends ProviderError {
  override readonly name = 'RateLimitError';
  /** Milliseconds to wait before trying again, where the provider said so. */
  readonly retryAfter: number | undefined;

  constructor(message: string, options: ProviderErrorOptions & { readonly retryAfter?: number } = {}) {
    super(message, { status: 429, retryable: true, ...options });
    this.retryAfter = options.retryAfter;
  }
}

/** The provider is overloaded (503, 529). Retryable. */
export class OverloadedError extends ProviderError {
  override readonly name = 'OverloadedError';
  /** Milliseconds to wait before trying again, where the provider said so. */
  readonly retryAfter: number | undefined;

  constructor(message: string, options: ProviderErrorOptions & { readonly retryAfter?: number } = {}) {
    super(message, { retryable: true, ...options });
    this.retryAfter = options.retryAfter;
  }
}

/** The stream was closed before the provider's finish marker. Retryable. */
export class TruncatedReplyError extends ProviderError {
  override readonly name = 'TruncatedReplyError';
  /** The text that had arrived. */
  readonly partial: string;

  constructor(message: string, options: ProviderErrorOptions & { readonly partial?: string } = {}) {
    super(message, { retryable: true, ...options });
    this.partial = options.partial ?? '';
  }
}

/** A chunk of the stream, or the whole reply, is not what the protocol says. Retryable. */
export class MalformedReplyError extends ProviderError {
  override readonly name = 'MalformedReplyError';
  /** Where a structured reply does not fit its schema, such as `items[0].name`; empty for all of it. */
  readonly path: string | undefined;
  /** Everything that does not fit, where a schema said so; otherwise empty. */
  readonly issues: readonly {
    /** Where, such as `items[0].name`; empty for all of it. */
    readonly path: string;
    /** What is wrong there. */
    readonly message: string;
  }[];

  constructor(
    message: string,
    options: ProviderErrorOptions & {
      readonly path?: string;
      readonly issues?: readonly { readonly path: string; readonly message: string }[];
    } = {},
  ) {
    super(message, { retryable: true, ...options });
    this.path = options.path;
    this.issues = options.issues ?? [];
  }
}

/** Nothing came for longer than `firstTokenTimeout` or `idleTimeout` allows. Retryable. */
export class StalledReplyError extends ProviderError {
  override readonly name = 'StalledReplyError';

  constructor(message: string, options: ProviderErrorOptions = {}) {
    super(message, { retryable: true, ...options });
  }
}

/** The provider could not be reached, or the connection broke. Retryable. */
export class ConnectionError extends ProviderError {
  override readonly name = 'ConnectionError';

  constructor(message: string, options: ProviderErrorOptions = {}) {
    super(message, { retryable: true, ...options });
  }
}

/** A reply's second telling says something else than what has been emitted already. Not retryable. */
export class ReplyDivergedError extends AloudError {
  override readonly name = 'ReplyDivergedError';
  /** The text that had been emitted. */
  readonly partial: string;
  /** The other telling. */
  readonly reply: string;

  constructor(
    message: string,
    options: { readonly partial: string; readonly reply: string; readonly cause?: unknown },
  ) {
    super(message, { ...options, retryable: false });
    this.partial = options.partial;
    this.reply = options.reply;
  }
}

/** An utterance could not be spoken. */
export class SpeechError extends AloudError {
  override readonly name = 'SpeechError';
  /** The text of the utterance. */
  readonly utterance: string;
  /** The voice's provider, where known. */
  readonly provider: string | undefined;

  constructor(
    message: string,
    options: {
      readonly utterance: string;
      readonly provider?: string;
      readonly cause?: unknown;
      /** True by default. */
      readonly retryable?: boolean;
    },
  ) {
    super(message, { ...options, retryable: options.retryable ?? true });
    this.utterance = options.utterance;
    this.provider = options.provider;
  }
}

/** A tool that a model asked for does not exist, was given wrong arguments, or has failed. */
export class ToolError extends AloudError {
  override readonly name = 'ToolError';
  /** The name the model called it by. */
  readonly tool: string;
  /** Where wrong arguments are wrong, such as `city`; `undefined` where arguments are not the trouble. */
  readonly path: string | undefined;

  constructor(
    message: string,
    options: {
      readonly tool: string;
      readonly path?: string;
      readonly cause?: unknown;
      /** False by default. */
      readonly retryable?: boolean;
    },
  ) {
    super(message, { ...options, retryable: options.retryable ?? false });
    this.tool = options.tool;
    this.path = options.path;
  }
}

/** A workflow definition is wrong, or one of its steps has failed. */
export class WorkflowError extends AloudError {
  override readonly name = 'WorkflowError';
  /** Where in the definition, such as `steps[1].config.model`. */
  readonly path: string;
  /** Everything that is wrong with a definition, each with its path; a failed step is the only one of its error. */
  readonly problems: readonly {
    /** Where in the definition; empty for all of it. */
    readonly path: string;
    /** What is wrong there. */
    readonly message: string;
  }[];

  constructor(
    message: string,
    options: {
      readonly path: string;
      readonly problems?: readonly { readonly path: string; readonly message: string }[];
      readonly cause?: unknown;
      readonly retryable?: boolean;
    },
  ) {
    super(message, { ...options, retryable: options.retryable ?? false });
    this.path = options.path;
    this.problems = options.problems ?? [{ path: options.path, message }];
  }
}
