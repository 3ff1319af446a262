import { defer, filter, map, switchMap, tap, type Observable } from 'rxjs';
import { accumulateConversation } from '../../../operators/accumulateConversation.js';
import { fallbackToComplete } from '../../../operators/fallbackToComplete.js';
import { retryBeforeFirstToken } from '../../../operators/retryBeforeFirstToken.js';
import type { ChatModel, ChatOptions, Usage } from '../../../src/chatModel.js';
import type { Conversation } from '../../../src/conversation.js';
import { isAbort, mayHeal } from '../../../src/mayHeal.js';
import type { Prompt } from '../../../src/message.js';
import { concatLast } from '../concatLast.js';
import { failAfter } from '../failAfter.js';
import { forwardTokens } from '../forwardTokens.js';
import { replyTimeouts, retryConfig } from '../inMilliseconds.js';
import { boundedText, chatOptions, messageOf, namesOf } from '../llmRequest.js';
import type { StepOutputs } from '../register.js';
import { outputs, token, type RunningStep, type StepSignal } from '../runContext.js';
import type { Fallback, StepOfType } from '../schema.js';

type Chat = RunningStep<StepOfType<'llm_chat'>>;

/** Asks a model, token by token or at once, alone or as a turn of a conversation. */
export function llmChat(running: Chat): Observable<StepSignal> {
  const { step, run } = running;
  const { use_conversation: talks, conversation_id: id = step.id } = step.config ?? {};
  return messageOf(running).pipe(
    switchMap((message) => {
      if (talks !== true) return reply(running, message, message);
      const conversation = run.conversation(id);
      return conversation.inTurn(() => turn(running, message, conversation));
    }),
  );
}

/** The reply of an earlier run: for who reads it as if it streamed, and as a turn of its conversation. */
export function restoreReply(
  running: Chat,
  { response, chunks, message, total_messages: total }: StepOutputs,
): void {
  const { step, scope, run } = running;
  // It failed, and gave nothing.
  if (typeof response !== 'string' || typeof message !== 'string') return;
  const live = scope.live.get(step.id);
  for (const piece of Array.isArray(chunks) ? chunks : [response]) live?.text.next(String(piece));
  const { use_conversation: talks, conversation_id: id = step.id } = step.config ?? {};
  if (talks !== true) return;
  const conversation = run.conversation(id);
  // One that outlived the earlier run has heard it.
  if (typeof total === 'number' && conversation.messages.length >= total) return;
  begin(running, message, conversation);
  conversation.add('assistant', response);
}

function turn(running: Chat, message: string, conversation: Conversation): Observable<StepSignal> {
  begin(running, message, conversation);
  return reply(running, message, conversation.messages, conversation);
}

function begin(running: Chat, message: string, conversation: Conversation): void {
  const { system } = chatOptions(running);
  if (system !== undefined && conversation.messages.find(({ role }) => role === 'system')?.content !== system)
    conversation.system(system);
  conversation.add('user', message);
}

function reply(
  running: Chat,
  message: string,
  prompt: Prompt,
  conversation?: Conversation,
): Observable<StepSignal> {
  const { step, scope, run } = running;
  const streamed = step.config?.stream === true;
  const { provider, written, model: name } = namesOf(running);
  return defer(() => {
    const model = run.model(provider, name);
    const { system, ...rest } = chatOptions(running);
    // In a conversation it is a message like the others.
    const options: ChatOptions = conversation || system === undefined ? rest : { ...rest, system };
    let usage: Usage | null = null;
    const chunks: string[] = [];
    let response = '';

    const { total } = replyTimeouts(step.config?.timeout);
    const asked = streamed
      ? model.events(prompt, options).pipe(
          tap((event) => {
            if (event.type === 'finish') usage = event.usage ?? null;
          }),
          filter((event) => event.type === 'text'),
          map(({ text }) => text),
        )
      : model.complete(prompt, options);
    const text = asked.pipe(
      failAfter(total, provider, run.scheduler),
      retryBeforeFirstToken({ ...retryConfig(step.retry), scheduler: run.scheduler }),
      (source) =>
        fallbackModels(running, model).reduce(
          (broken, next) =>
            broken.pipe(
              fallbackToComplete((partial) => next.complete(prompt, { ...options, continueFrom: partial }), {
                expects: 'continuation',
                // The same model would only refuse again; another one may not.
                when: (error) => (next === model ? mayHeal(error) : !isAbort(error)),
              }),
            ),
          source,
        ),
      boundedText(),
    );
    const recorded = conversation ? text.pipe(accumulateConversation<string>(conversation)) : text;
    const live = scope.live.get(step.id);
    const forwarded = streamed ? recorded.pipe(forwardTokens(step.stream_buffer, run.scheduler)) : recorded;

    return forwarded.pipe(
      tap((piece) => {
        response += piece;
        if (!streamed) return;
        chunks.push(piece);
        live?.text.next(piece);
      }),
      filter(() => streamed),
      map(token),
      (source) =>
        concatLast(source, () =>
          outputs({
            response,
            streamed,
            ...(streamed ? { chunks } : {}),
            message,
            provider: written ?? model.provider,
            model: name ?? model.model,
            usage,
            ...(conversation ? conversationFields(conversation) : {}),
          }),
        ),
    );
  });
}

function fallbackModels({ step, run }: Chat, own: ChatModel): readonly ChatModel[] {
  const fallback: Fallback = step.config?.fallback ?? false;
  if (typeof fallback === 'boolean') return fallback ? [own] : [];
  const list =
    typeof fallback === 'string' ? [{ provider: fallback }] : Array.isArray(fallback) ? fallback : [fallback];
  return list.map(({ provider, model }: { provider: string; model?: string | undefined }) =>
    run.model(provider, model),
  );
}

function conversationFields(conversation: Conversation): StepOutputs {
  const { id, messages } = conversation;
  return {
    conversation_id: id,
    total_messages: messages.length,
    first_prompt: messages.find(({ role }) => role === 'user')?.content ?? null,
    last_response: messages.findLast(({ role }) => role === 'assistant')?.content ?? null,
  };
}
