import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Observable } from 'rxjs';
import type { Prompt } from './message.js';
import type { Valve } from './valve.js';

/** A JSON Schema document, as an object. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A function that the model may ask to have called. */
export interface ToolDefinition {
  /** What the model calls it by. */
  readonly name: string;
  /** What it does and when to use it, for the model. */
  readonly description?: string | undefined;
  /** The arguments' shape. */
  readonly parameters: StandardSchemaV1 | JsonSchema;
}

/** Tokens that a reply has cost, as the provider counts them. */
export interface Usage {
  /** Of the prompt. */
  readonly inputTokens: number;
  /** Of the reply, reasoning included where the provider counts it. */
  readonly outputTokens: number;
}

/** Why a reply ended. */
export type FinishReason = 'stop' | 'length' | 'content-filter' | 'tool-calls' | 'other';

/** What a model emits while it replies. `finish` comes once, last. */
export type ChatEvent =
  | {
      readonly type: 'text';
      /** A token; joined, they are the reply. */
      readonly text: string;
    }
  | {
      readonly type: 'reasoning';
      /** A piece of what the model thinks; not part of the reply. */
      readonly text: string;
    }
  | {
      readonly type: 'tool-call';
      /** The provider's name for this call. */
      readonly id: string;
      /** Which tool. */
      readonly name: string;
      /** Parsed. */
      readonly arguments: unknown;
      /** Opaque text that the provider wants back with the call, where it has one. */
      readonly signature?: string;
    }
  | {
      readonly type: 'finish';
      /** Why the reply ended. */
      readonly reason: FinishReason;
      /** What it has cost, where the provider says so. */
      readonly usage?: Usage;
    };

/** Options of a streaming request. What a provider cannot honour is a `TypeError` at call time. */
export interface ChatOptions {
  /** System message, put before the conversation's own. */
  readonly system?: string | undefined;
  /** Sampling temperature; the range is the provider's. */
  readonly temperature?: number | undefined;
  /** Upper limit of the reply, in tokens. */
  readonly maxTokens?: number | undefined;
  /** Nucleus sampling: the probability mass to draw from, over 0 and up to 1. */
  readonly topP?: number | undefined;
  /** Texts at which the reply stops; they are not part of it. */
  readonly stop?: string | readonly string[] | undefined;
  /** Seed of the sampler, where the provider has one. */
  readonly seed?: number | undefined;
  /** Asks for a reply of this shape through the provider's own structured output. */
  readonly schema?: StandardSchemaV1 | JsonSchema | undefined;
  /** Functions the model may call. */
  readonly tools?: readonly ToolDefinition[] | undefined;
  /** Whether, or how hard, the model thinks before it answers. Default: what the model does by itself. */
  readonly reasoning?: boolean | 'low' | 'medium' | 'high' | undefined;
  /** Aborts the request, which then fails with the signal's reason. An aborted one sends nothing. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the first text; then `StalledReplyError`. Reasoning does not satisfy it. */
  readonly firstTokenTimeout?: number | undefined;
  /** Milliseconds between two pieces of text or reasoning; then `StalledReplyError`. */
  readonly idleTimeout?: number | undefined;
  /** While it is closed nothing is emitted, nothing is read from the socket, and the timeouts stand still. */
  readonly valve?: Valve | undefined;
}

/** Options of a single non-streaming request. */
export interface CompleteOptions extends ChatOptions {
  /** The text already said; the result is then exactly what follows it. */
  readonly continueFrom?: string | undefined;
}

/**
 * A chat model: an Observable factory of tokens. Nothing is sent before subscribe, every subscription is a fresh
 * request, and unsubscribing aborts it down to the socket.
 */
export interface ChatModel {
  /** The reply's text, token by token. */
  (prompt: Prompt, options?: ChatOptions): Observable<string>;
  /** The reply with reasoning, tool calls, and why it ended. */
  events(prompt: Prompt, options?: ChatOptions): Observable<ChatEvent>;
  /** One non-streaming call, one value: the whole text, or what follows `continueFrom`. */
  complete(prompt: Prompt, options?: CompleteOptions): Observable<string>;
  /** Whose model it is, such as `ollama`. */
  readonly provider: string;
  /** Its name, as the provider has it. */
  readonly model: string;
}
