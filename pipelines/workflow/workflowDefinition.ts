// The types of a workflow file, written out: so that importing from `rx-aloud/pipelines` type-checks without zod. A spec
// holds them equal to what `workflowSchema` infers.

/** A workflow as it stands in a file. What each field means is told in the schema and in docs/workflows.md. */
export interface WorkflowDefinition {
  /** For editors; never read or fetched. */
  $schema?: string | undefined;
  /** Shown in errors and events. */
  name: string;
  /** For readers. */
  description?: string | undefined;
  /** What steps have where they don’t say otherwise. */
  config?:
    | {
        /** Such as `ollama`. */
        default_llm_provider?: string | undefined;
        /** As the provider has it. */
        default_model?: string | undefined;
        /** Such as `flite`. */
        default_tts_provider?: string | undefined;
        /** Steps at the same time. */
        max_concurrency?: number | undefined;
      }
    | undefined;
  /** What is done, by what they depend on. */
  steps: WorkflowStep[];
}

/** One step of a workflow, by its `type`. */
export type WorkflowStep =
  | InputStep
  | OutputStep
  | FileOutputStep
  | LlmChatStep
  | LlmStructuredStep
  | TtsStep
  | AgentCallStep
  | ConditionStep
  | LoopStep;

interface Step {
  /** Unique in the file. */
  id: string;
  /** For readers. */
  description?: string | undefined;
  /** The fields this step is to give. */
  outputs?: string[] | undefined;
  /** Steps that must have ended before. */
  depends_on?: string[] | undefined;
  /** More attempts after a failure that can heal. Delays are seconds. */
  retry?:
    | number
    | {
        count: number;
        delay?: number | undefined;
        max_delay?: number | undefined;
        jitter?: number | undefined;
      }
    | undefined;
  /** Default: `fail`, the workflow ends. */
  on_error?: 'fail' | 'continue' | undefined;
}

/** Values by name; `{ "from_step": "a", "field": "response" }` inside them is replaced by that output. */
type Values = Record<string, unknown>;

/** Values from outside: the run's `inputs`, the file's, `onInput`, or a default. */
export interface InputStep extends Step {
  type: 'input';
  config?: { prompt?: string | undefined; default?: unknown } | undefined;
  inputs?: Values | undefined;
}

/** What the workflow gives. */
export interface OutputStep extends Step {
  type: 'output';
  config?: { format?: 'json' | 'text' | undefined } | undefined;
  inputs?: Values | undefined;
}

/** Writes a text or JSON to a file. */
export interface FileOutputStep extends Step {
  type: 'file_output';
  config: { file_path: string; format?: 'json' | 'text' | undefined };
  inputs: { content: unknown };
}

interface Llm {
  provider?: string | undefined;
  model?: string | undefined;
  temperature?: number | undefined;
  max_tokens?: number | undefined;
  system_message?: string | undefined;
  /** Seconds for the whole reply, or limits one by one. */
  timeout?:
    | number
    | { total?: number | undefined; first_token?: number | undefined; idle?: number | undefined }
    | undefined;
}

/** Asks a model; its reply streams. */
export interface LlmChatStep extends Step {
  type: 'llm_chat';
  config?:
    | (Llm & {
        stream?: boolean | undefined;
        use_conversation?: boolean | undefined;
        conversation_id?: string | undefined;
        /** Who says the rest when a reply breaks. */
        fallback?: boolean | string | ProviderAndModel | ProviderAndModel[] | undefined;
      })
    | undefined;
  stream_buffer?: StreamBuffer | undefined;
  inputs?: { message?: unknown } | undefined;
}

interface ProviderAndModel {
  provider: string;
  model?: string | undefined;
}

/** How the stream is cut before it is forwarded. */
interface StreamBuffer {
  forward_on?: 'sentence' | 'time' | 'chunk_size' | 'word_count' | 'immediate' | undefined;
  /** Seconds. */
  max_buffer_time?: number | undefined;
  min_chunk_length?: number | undefined;
  max_chunk_length?: number | undefined;
  sentence_count?: number | undefined;
  chunk_size?: number | undefined;
  word_count?: number | undefined;
  fast_start?: boolean | 'clause' | undefined;
}

/** Asks a model for an object of a schema. */
export interface LlmStructuredStep extends Step {
  type: 'llm_structured';
  config: Llm & { schema: Record<string, unknown> };
  inputs?: { message?: unknown } | undefined;
}

/** Speaks a text, while it is still coming. */
export interface TtsStep extends Step {
  type: 'tts';
  config?:
    | {
        provider?: string | undefined;
        voice?: string | undefined;
        language?: string | undefined;
        speed?: number | undefined;
        concurrency?: number | undefined;
        output_path?: string | undefined;
        output_dir?: string | undefined;
      }
    | undefined;
  stream_buffer?: StreamBuffer | undefined;
  inputs: { text: unknown };
}

/** Runs another workflow. */
export interface AgentCallStep extends Step {
  type: 'agent_call';
  config: { workflow: string };
  inputs?: Values | undefined;
}

/** Exactly one of these. */
interface Condition {
  equals?: [unknown, unknown] | undefined;
  not_equals?: [unknown, unknown] | undefined;
  greater_than?: [unknown, unknown] | undefined;
  at_least?: [unknown, unknown] | undefined;
  less_than?: [unknown, unknown] | undefined;
  at_most?: [unknown, unknown] | undefined;
  contains?: [unknown, unknown] | undefined;
  exists?: unknown;
  and?: Condition[] | undefined;
  or?: Condition[] | undefined;
  not?: Condition | undefined;
}

/** Goes one way or the other. */
export interface ConditionStep extends Step {
  type: 'condition';
  config: { if: Condition; then?: WorkflowStep[] | undefined; else?: WorkflowStep[] | undefined };
}

/** Does the same for each of a list. */
export interface LoopStep extends Step {
  type: 'loop';
  config: {
    max_iterations?: number | undefined;
    max_concurrency?: number | undefined;
    body: WorkflowStep[];
  };
  inputs: { items: unknown };
}
