/**
 * What is used of the `node-llama-cpp` package, version 3. Told here, because the package is too big to be installed
 * only for its types.
 */
export interface NodeLlamaCpp {
  getLlama(options: object): Promise<Llama>;
  readonly LlamaCompletion: new (options: { readonly contextSequence: ContextSequence }) => Completion;
  readonly LlamaChatSession: new (options: object) => ChatSession;
}

/** The engine. */
export interface Llama {
  maxThreads: number;
  readonly cpuMathCores: number;
  loadModel(options: { readonly modelPath: string; readonly loadSignal?: AbortSignal }): Promise<Model>;
  createGrammarForJsonSchema(schema: object): Promise<object>;
  dispose(): Promise<void>;
}

/** A loaded file. */
export interface Model {
  readonly fileInfo: { readonly metadata: { readonly tokenizer?: { readonly chat_template?: string } } };
  createContext(options: object): Promise<Context>;
}

export interface Context {
  getSequence(): ContextSequence;
}

/** One conversation's place in a context. */
export interface ContextSequence {
  readonly tokenMeter: { readonly usedInputTokens: number; readonly usedOutputTokens: number };
}

/** How a text is generated; the same for both ways. */
export interface GenerationOptions {
  readonly signal: AbortSignal;
  readonly stopOnAbortSignal: true;
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly seed?: number;
  readonly customStopTriggers?: readonly string[];
  readonly grammar?: object;
}

/** Why a generation ended. */
export interface StopReason {
  readonly stopReason:
    'eogToken' | 'stopGenerationTrigger' | 'customStopTrigger' | 'maxTokens' | 'abort' | 'functionCalls';
}

/** For models without a chat template: text goes on. */
export interface Completion {
  generateCompletionWithMeta(
    text: string,
    options: GenerationOptions & { readonly onTextChunk: (text: string) => void },
  ): Promise<{ readonly metadata: StopReason }>;
}

/** A piece of a chat reply: text, or a segment of another kind. */
export interface ResponseChunk {
  readonly type?: 'segment';
  readonly segmentType?: string;
  readonly text: string;
}

/** An earlier turn. */
export type HistoryItem =
  | { readonly type: 'system' | 'user'; readonly text: string }
  | { readonly type: 'model'; readonly response: readonly string[] };

/** For models with a chat template. */
export interface ChatSession {
  setChatHistory(history: readonly HistoryItem[]): void;
  promptWithMeta(
    text: string,
    options: GenerationOptions & {
      readonly onResponseChunk: (chunk: ResponseChunk) => void;
      readonly responsePrefix?: string;
    },
  ): Promise<StopReason>;
  dispose(options: { readonly disposeSequence: boolean }): void;
}
