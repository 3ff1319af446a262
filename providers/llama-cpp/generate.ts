import type { ChatEvent, ChatOptions } from '../../src/chatModel.js';
import type { ReplyPart } from '../../src/defineChatModel.js';
import { toJsonSchema } from '../../src/jsonSchema.js';
import type { Message } from '../../src/message.js';
import type { Turn } from './engine.js';
import type { GenerationOptions, HistoryItem, StopReason } from './nodeLlamaCpp.js';

/** How one reply is generated. */
export interface GenerateConfig {
  readonly chatWrapper: object | undefined;
  readonly signal: AbortSignal;
  readonly tell: (part: ReplyPart) => void;
}

/** Generates a reply; told piece by piece, and at the end why it ended. */
export async function generate(
  turn: Turn,
  messages: readonly Message[],
  options: ChatOptions,
  config: GenerateConfig,
): Promise<ReplyPart> {
  const { usedInputTokens, usedOutputTokens } = turn.sequence.tokenMeter;
  const grammar =
    options.schema && (await turn.llama.createGrammarForJsonSchema(toJsonSchema(options.schema)));
  const generation: GenerationOptions = {
    signal: config.signal,
    stopOnAbortSignal: true,
    ...(options.maxTokens !== undefined && { maxTokens: options.maxTokens }),
    ...(options.temperature !== undefined && { temperature: options.temperature }),
    ...(options.topP !== undefined && { topP: options.topP }),
    ...(options.seed !== undefined && { seed: options.seed }),
    ...(options.stop !== undefined && { customStopTriggers: [options.stop].flat() }),
    ...(grammar && { grammar }),
  };
  const isChat = config.chatWrapper ?? turn.model.fileInfo.metadata.tokenizer?.chat_template;
  const { stopReason } = await (isChat === undefined
    ? goOn(turn, messages, generation, config)
    : answer(turn, messages, generation, config));
  const { tokenMeter } = turn.sequence;
  return {
    type: 'finish',
    reason: reasonOf(stopReason),
    usage: {
      inputTokens: tokenMeter.usedInputTokens - usedInputTokens,
      outputTokens: tokenMeter.usedOutputTokens - usedOutputTokens,
    },
  };
}

/** Without a template there are no roles: a reply follows its question as it was generated, a question begins a line. */
async function goOn(
  { package: { LlamaCompletion }, sequence }: Turn,
  messages: readonly Message[],
  generation: GenerationOptions,
  { tell }: GenerateConfig,
): Promise<StopReason> {
  const text = messages
    .map(({ role, content }, index) => (index === 0 || role === 'assistant' ? content : `\n${content}`))
    .join('');
  const { metadata } = await new LlamaCompletion({ contextSequence: sequence }).generateCompletionWithMeta(
    text,
    {
      ...generation,
      onTextChunk: (piece) => tell({ type: 'text', text: piece }),
    },
  );
  return metadata;
}

async function answer(
  { package: { LlamaChatSession }, sequence }: Turn,
  messages: readonly Message[],
  generation: GenerationOptions,
  { chatWrapper, tell }: GenerateConfig,
): Promise<StopReason> {
  const last = messages.at(-1);
  const prefix = last?.role === 'assistant' ? last.content : '';
  const turns = prefix === '' ? messages : messages.slice(0, -1);
  const question = turns.at(-1)?.role === 'user' ? turns.at(-1) : undefined;
  const session = new LlamaChatSession({ contextSequence: sequence, ...(chatWrapper && { chatWrapper }) });
  try {
    session.setChatHistory((question ? turns.slice(0, -1) : turns).map(toHistory));
    let repeated = prefix.length;
    return await session.promptWithMeta(question?.content ?? '', {
      ...generation,
      ...(prefix !== '' && { responsePrefix: prefix }),
      onResponseChunk(chunk) {
        if (chunk.type === 'segment') {
          if (chunk.segmentType === 'thought') tell({ type: 'reasoning', text: chunk.text });
          return;
        }
        // the prefix is told again
        const text = chunk.text.slice(repeated);
        repeated = Math.max(0, repeated - chunk.text.length);
        if (text !== '') tell({ type: 'text', text });
      },
    });
  } finally {
    session.dispose({ disposeSequence: false });
  }
}

function toHistory({ role, content }: Message): HistoryItem {
  return role === 'assistant' ? { type: 'model', response: [content] } : { type: role, text: content };
}

function reasonOf(stopReason: StopReason['stopReason']): (ChatEvent & { readonly type: 'finish' })['reason'] {
  if (stopReason === 'maxTokens') return 'length';
  return stopReason === 'abort' || stopReason === 'functionCalls' ? 'other' : 'stop';
}
