import {
  concatMap,
  defer,
  dematerialize,
  materialize,
  startWith,
  type ObservableNotification,
  type OperatorFunction,
} from 'rxjs';
import type { ChatEvent, FinishReason, Usage } from '../src/chatModel.js';
import { isAbort } from '../src/mayHeal.js';
import { shown } from '../src/shown.js';
import type { ToolResult } from '../src/toolTurn.js';

/** What a tool has answered, where a page should see it: merge these into the events of a model. */
export type ToolResultEvent = { readonly type: 'tool-result' } & ToolResult;

/** A part of a message, as the AI SDK's UI message stream has it, version 1. */
export type UIMessageStreamChunk =
  | { readonly type: 'start'; readonly messageId?: string }
  | { readonly type: 'start-step' | 'finish-step' }
  | { readonly type: 'text-start' | 'text-end' | 'reasoning-start' | 'reasoning-end'; readonly id: string }
  | { readonly type: 'text-delta' | 'reasoning-delta'; readonly id: string; readonly delta: string }
  | {
      readonly type: 'tool-input-available';
      readonly toolCallId: string;
      readonly toolName: string;
      readonly input: unknown;
    }
  | { readonly type: 'tool-output-available'; readonly toolCallId: string; readonly output: unknown }
  | { readonly type: 'tool-output-error'; readonly toolCallId: string; readonly errorText: string }
  | {
      readonly type: 'finish';
      readonly finishReason?: FinishReason;
      readonly messageMetadata?: { readonly usage: Usage };
    }
  | { readonly type: 'error'; readonly errorText: string }
  | { readonly type: 'abort' };

/** How a message is written. */
export interface UIMessageChunksConfig {
  /** The message's id. Default: the client makes one. */
  readonly messageId?: string | undefined;
  /** What the page is told of a failure. Default: the error's message, which holds no key. */
  readonly errorText?: ((error: unknown) => string) | undefined;
}

/**
 * Tells a reply as the chunks of the AI SDK's UI message stream: `toUIMessageStream` without the bytes and the
 * stream around it.
 *
 * Tokens (or text events) become one text part, reasoning a part of its own, a tool call its input, a `tool-result` its
 * output. Text after a tool call begins a new step. The usage goes into the message's metadata. An error is
 * the last chunk, `error` with its text or `abort`, and the Observable completes.
 *
 * ```
 * events           -----r-----t-----t--f|
 * uiMessageChunks  (se)-(or)--(cot)-t---(cpf|)     s start, e start-step, o …-start, c …-end, p finish-step, f finish
 * ```
 *
 * ```ts
 * model.events(prompt).pipe(uiMessageChunks()).subscribe((chunk) => console.log(JSON.stringify(chunk)));
 * ```
 *
 * @throws TypeError when an option is none.
 */
export function uiMessageChunks(
  config: UIMessageChunksConfig = {},
): OperatorFunction<string | ChatEvent | ToolResultEvent, UIMessageStreamChunk> {
  const { messageId, errorText = messageOf } = config;
  if (messageId !== undefined && (typeof messageId !== 'string' || messageId === '')) {
    throw new TypeError(
      `uiMessageChunks: messageId must be a text that is not empty, got ${JSON.stringify(messageId)}`,
    );
  }
  if (typeof errorText !== 'function') {
    throw new TypeError(`uiMessageChunks: errorText must be a function, got ${shown(errorText)}`);
  }
  const opening: readonly UIMessageStreamChunk[] = [
    { type: 'start', ...(messageId !== undefined && { messageId }) },
    { type: 'start-step' },
  ];
  return (source) =>
    defer(() => {
      const message = messageWriter();
      return source.pipe(
        materialize(),
        concatMap((event): ObservableNotification<UIMessageStreamChunk>[] => {
          const chunks =
            event.kind === 'N'
              ? message.tell(event.value)
              : event.kind === 'C'
                ? message.finish()
                : message.fail(
                    isAbort(event.error)
                      ? { type: 'abort' }
                      : { type: 'error', errorText: errorText(event.error) },
                  );
          const end = event.kind === 'N' ? [] : [{ kind: 'C' } as const];
          return [...chunks.map((value) => ({ kind: 'N', value }) as const), ...end];
        }),
        dematerialize(),
        // At once, so that the page knows that it was heard.
        startWith(...opening),
      );
    });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Writes one message: what belongs around each part, and what comes last. */
function messageWriter() {
  let parts = 0;
  let open: { readonly kind: 'text' | 'reasoning'; readonly id: string } | undefined;
  /** A tool was called in this step: what is said now, or called after its answer, is of another request. */
  let called = false;
  let answered = false;
  let end: (ChatEvent & { readonly type: 'finish' }) | undefined;
  let chunks: UIMessageStreamChunk[] = [];

  const close = () => {
    if (open) chunks.push({ type: `${open.kind}-end`, id: open.id });
    open = undefined;
  };
  const step = () => {
    chunks.push({ type: 'finish-step' }, { type: 'start-step' });
    called = false;
    answered = false;
  };
  const say = (kind: 'text' | 'reasoning', delta: string) => {
    if (delta === '') return;
    if (called) step();
    if (open?.kind !== kind) {
      close();
      open = { kind, id: `${kind}-${++parts}` };
      chunks.push({ type: `${kind}-start`, id: open.id });
    }
    chunks.push({ type: `${kind}-delta`, id: open.id, delta });
  };
  const tell = (event: string | ChatEvent | ToolResultEvent) => {
    if (typeof event === 'string') {
      say('text', event);
      return;
    }
    switch (event.type) {
      case 'text':
      case 'reasoning':
        say(event.type, event.text);
        break;
      case 'tool-call':
        close();
        if (answered) step();
        called = true;
        chunks.push({
          type: 'tool-input-available',
          toolCallId: event.id,
          toolName: event.name,
          input: event.arguments,
        });
        break;
      case 'tool-result':
        answered = true;
        chunks.push(
          event.isError === true
            ? { type: 'tool-output-error', toolCallId: event.id, errorText: messageOf(event.result) }
            : { type: 'tool-output-available', toolCallId: event.id, output: event.result ?? null },
        );
        break;
      case 'finish':
        end = event;
    }
  };
  const written = (write: () => void) => {
    chunks = [];
    write();
    return chunks;
  };
  return {
    tell: (event: string | ChatEvent | ToolResultEvent) => written(() => tell(event)),
    finish: () =>
      written(() => {
        close();
        chunks.push(
          { type: 'finish-step' },
          {
            type: 'finish',
            ...(end && { finishReason: end.reason }),
            ...(end?.usage && { messageMetadata: { usage: end.usage } }),
          },
        );
      }),
    fail: (chunk: UIMessageStreamChunk) =>
      written(() => {
        close();
        chunks.push(chunk);
      }),
  };
}
