import { z } from 'zod';
import { BOUNDS } from './bounds.js';

const NAME = /^(?!(?:__proto__|constructor|prototype)$)[A-Za-z0-9_][A-Za-z0-9_-]{0,63}$/;
/** What a key looks like must not stand in a file, under whatever name. */
const NO_KEY = String.raw`(?!.*(?:\bsk-|\bAIza|\bgsk_|\bxox[bp]-|Bearer ))`;
const PROVIDER = new RegExp(String.raw`^${NO_KEY}[A-Za-z][A-Za-z0-9_.-]{0,63}$`);
const MODEL = new RegExp(String.raw`^(?!.*(?::\/\/|\.\.))${NO_KEY}[A-Za-z0-9][A-Za-z0-9 _.:/@+-]{0,199}$`);
const VOICE = new RegExp(String.raw`^(?!.*\.\.)${NO_KEY}[^\u0000-\u001f\\/"<>]{1,100}$`);

const name = z.string().regex(NAME, {
  error: 'must be a name: up to 64 letters, digits, _ and -, and none of __proto__, constructor, prototype',
});
const provider = z
  .string()
  .regex(PROVIDER, { error: 'must be the name of a provider, never a URL or a key' })
  .meta({
    description: 'A provider by name. What it stands for is decided by the program that runs the file.',
  });
const model = z
  .string()
  .regex(MODEL, { error: 'must be the name of a model, never a URL, a key or an absolute path' })
  .meta({ description: "The provider's name for the model." });
const voice = z
  .string()
  .regex(VOICE, { error: 'must be the name of a voice, never a URL, a key or a path' })
  .meta({ description: "The provider's name for who speaks." });
const path = z
  .string()
  .min(1)
  .max(500)
  .meta({ description: 'A relative path; it cannot leave the folder it is resolved in.' });
const text = z.string().meta({ description: 'Text; {{step.field}} is replaced by that output.' });
const value = z.unknown().meta({
  description:
    'Any JSON. { "from_step": "a", "field": "response" } is replaced by that output, also inside lists and objects; {{a.response}} inside texts.',
});
const seconds = z.number().positive().max(86_400).meta({ description: 'Seconds.' });

const retry = z
  .union(
    [
      z.int().min(0).max(10),
      z.strictObject({
        count: z.int().min(0).max(10).meta({ description: 'Attempts after the first.' }),
        delay: z.number().min(0).max(3600).optional().meta({ description: 'Seconds before the first.' }),
        max_delay: z.number().min(0).max(3600).optional().meta({ description: 'Seconds at most.' }),
        jitter: z.number().min(0).max(1).optional().meta({ description: 'Random part of the delay.' }),
      }),
    ],
    { error: 'must be a number of attempts from 0 to 10, or { count, delay, max_delay, jitter }' },
  )
  .meta({
    description:
      'More attempts after a failure that can heal. A streaming reply is asked for again only while nothing of it has been emitted.',
  });

const timeout = z
  .union(
    [
      seconds,
      z.strictObject({
        total: seconds.optional().meta({ description: 'Seconds for the whole reply.' }),
        first_token: seconds.optional().meta({ description: 'Seconds until the first token.' }),
        idle: seconds.optional().meta({ description: 'Seconds between two tokens.' }),
      }),
    ],
    { error: 'must be seconds for the whole reply, or { total, first_token, idle } in seconds' },
  )
  .meta({ description: 'Seconds for the whole reply, or limits one by one.' });

const providerAndModel = z.strictObject({ provider, model: model.optional() });
const fallback = z
  .union([z.boolean(), provider, providerAndModel, z.array(providerAndModel).min(1).max(5)], {
    error: 'must be true, a provider, { provider, model } or a list of those',
  })
  .meta({
    description:
      'Who says the rest when a reply breaks: the same model without streaming (true), or other providers in turn. No word is lost and none said twice.',
  });

const streamBuffer = z
  .strictObject({
    forward_on: z
      .enum(['sentence', 'time', 'chunk_size', 'word_count', 'immediate'])
      .optional()
      .meta({ description: 'What a forwarded piece of the stream is. sentence by default.' }),
    max_buffer_time: seconds
      .optional()
      .meta({ description: 'Seconds that text waits at most. 3 by default.' }),
    min_chunk_length: z
      .int()
      .min(0)
      .max(100_000)
      .optional()
      .meta({ description: 'Characters of the shortest piece (sentence: 20 by default; time: 0).' }),
    max_chunk_length: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .meta({ description: 'Characters of the longest piece, for sentence. 2000 by default.' }),
    sentence_count: z
      .int()
      .min(1)
      .max(100)
      .optional()
      .meta({ description: 'Sentences a piece. 2 by default.' }),
    chunk_size: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .meta({ description: 'Characters a piece. 100 by default.' }),
    word_count: z.int().min(1).max(10_000).optional().meta({ description: 'Words a piece. 10 by default.' }),
    fast_start: z
      .union([z.boolean(), z.literal('clause')], { error: 'must be true, false or "clause"' })
      .optional()
      .meta({ description: 'Whether the first sentence leaves alone. true by default.' }),
  })
  .meta({ description: 'How the stream is cut before it is forwarded. Nothing is lost or changed.' });

const llm = {
  provider: provider.optional(),
  model: model.optional(),
  temperature: z.number().min(0).max(5).optional(),
  max_tokens: z.int().min(1).max(1_000_000).optional(),
  system_message: text.optional(),
  timeout: timeout.optional(),
};
const step = {
  id: name.meta({ description: 'Unique in the file.' }),
  description: z.string().optional(),
  outputs: z.array(name).max(64).optional().meta({ description: 'The fields this step is to give.' }),
  depends_on: z.array(name).max(100).optional().meta({ description: 'Steps that must have ended before.' }),
  retry: retry.optional(),
  on_error: z.enum(['fail', 'continue']).optional().meta({
    description: 'fail (default): the workflow ends. continue: its outputs are null, `error` says why.',
  }),
};
const values = z.record(name, value);

const inputStep = z.strictObject({
  ...step,
  type: z.literal('input'),
  config: z
    .strictObject({
      prompt: z.string().optional().meta({ description: 'What the user is asked.' }),
      default: value.optional().meta({ description: 'Taken when nothing is given.' }),
    })
    .optional(),
  inputs: values.optional().meta({ description: 'Values by output name, instead of asking.' }),
});

const outputStep = z.strictObject({
  ...step,
  type: z.literal('output'),
  config: z
    .strictObject({
      format: z
        .enum(['json', 'text'])
        .optional()
        .meta({ description: 'How it is printed. json by default.' }),
    })
    .optional(),
  inputs: values.optional(),
});

const fileOutputStep = z.strictObject({
  ...step,
  type: z.literal('file_output'),
  config: z.strictObject({
    file_path: path,
    format: z
      .enum(['json', 'text'])
      .optional()
      .meta({ description: 'text for texts, else json by default.' }),
  }),
  inputs: z.strictObject({ content: value }),
});

const llmChatStep = z.strictObject({
  ...step,
  type: z.literal('llm_chat'),
  config: z
    .strictObject({
      ...llm,
      stream: z.boolean().optional().meta({ description: 'Token by token. false by default.' }),
      use_conversation: z.boolean().optional().meta({ description: 'Whether earlier turns are sent along.' }),
      conversation_id: name.optional().meta({ description: 'Steps with the same id share a conversation.' }),
      fallback: fallback.optional(),
    })
    .optional(),
  stream_buffer: streamBuffer.optional(),
  inputs: z.strictObject({ message: value.optional() }).optional(),
});

const schemaDocument = z
  .record(z.string(), z.unknown())
  .meta({ description: 'A JSON Schema: the shape of the reply.' });
const llmStructuredStep = z.strictObject({
  ...step,
  type: z.literal('llm_structured'),
  config: z.strictObject({ ...llm, schema: schemaDocument }),
  inputs: z.strictObject({ message: value.optional() }).optional(),
});

const ttsStep = z.strictObject({
  ...step,
  type: z.literal('tts'),
  config: z
    .strictObject({
      provider: provider.optional(),
      voice: voice.optional(),
      language: z
        .string()
        .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, { error: 'must be a language tag such as en-GB' })
        .optional(),
      speed: z.number().min(0.25).max(4).optional().meta({ description: '1 is normal, 2 twice as fast.' }),
      concurrency: z
        .int()
        .min(1)
        .max(16)
        .optional()
        .meta({ description: 'Utterances made at once. 2 by default.' }),
      output_path: path.optional().meta({ description: 'One WAV file of everything.' }),
      output_dir: path.optional().meta({ description: 'A folder for one file an utterance.' }),
    })
    .optional(),
  stream_buffer: streamBuffer.optional(),
  inputs: z.strictObject({ text: value }),
});

const pair = z.tuple([value, value]);
const condition = z
  .strictObject({
    equals: pair.optional(),
    not_equals: pair.optional(),
    greater_than: pair.optional(),
    at_least: pair.optional(),
    less_than: pair.optional(),
    at_most: pair.optional(),
    contains: pair.optional().meta({ description: 'A text, list or object, and what it has to hold.' }),
    exists: value.optional().meta({ description: 'True unless null or missing.' }),
    get and() {
      return z.array(condition).min(1).max(100).optional();
    },
    get or() {
      return z.array(condition).min(1).max(100).optional();
    },
    get not() {
      return condition.optional();
    },
  })
  .meta({ id: 'condition', minProperties: 1, maxProperties: 1, description: 'Exactly one of these.' });

const agentCallStep = z.strictObject({
  ...step,
  type: z.literal('agent_call'),
  config: z.strictObject({
    workflow: path.meta({ description: "Another workflow file, in this file's folder or below." }),
  }),
  inputs: values.optional().meta({ description: 'The values that its input steps list in outputs.' }),
});

/** A step of a type that the host program has registered; its config is its own. */
const customStep = z.strictObject({
  ...step,
  type: z.string(),
  config: z.record(z.string(), z.unknown()).optional(),
  inputs: values.optional(),
});

const conditionStep = z.strictObject({
  ...step,
  type: z.literal('condition'),
  config: z.strictObject({
    if: condition,
    get then(): z.ZodOptional<z.ZodArray<z.ZodType<WorkflowStep>>> {
      return steps.optional();
    },
    get else(): z.ZodOptional<z.ZodArray<z.ZodType<WorkflowStep>>> {
      return steps.optional();
    },
  }),
});

const loopStep = z.strictObject({
  ...step,
  type: z.literal('loop'),
  config: z.strictObject({
    max_iterations: z
      .int()
      .min(1)
      .max(BOUNDS.loopRounds)
      .optional()
      .meta({ description: `A longer list is an error. ${BOUNDS.defaultLoopRounds} by default.` }),
    max_concurrency: z.int().min(1).max(16).optional().meta({ description: 'Rounds at once. 1 by default.' }),
    get body(): z.ZodArray<z.ZodType<WorkflowStep>> {
      return steps;
    },
  }),
  inputs: z.strictObject({ items: value }),
});

const leafSteps = [
  inputStep,
  outputStep,
  fileOutputStep,
  llmChatStep,
  llmStructuredStep,
  ttsStep,
  agentCallStep,
] as const;
const anyStep = z.discriminatedUnion('type', [...leafSteps, conditionStep, loopStep]).meta({ id: 'step' });
const steps: z.ZodArray<z.ZodType<WorkflowStep>> = z.array(anyStep).min(1).max(BOUNDS.steps);

/** The types of step that every program knows. */
export const STEP_TYPES = anyStep.options.map((option) => option.shape.type.value);

/** One step of a workflow, by its `type`. */
export type WorkflowStep =
  z.infer<(typeof leafSteps)[number]> | z.infer<typeof conditionStep> | z.infer<typeof loopStep>;
export type StepOfType<T extends WorkflowStep['type']> = Extract<WorkflowStep, { type: T }>;
export type StepType = WorkflowStep['type'];
export type CustomStep = z.infer<typeof customStep>;
export type Condition = z.infer<typeof condition>;
export type StreamBuffer = z.infer<typeof streamBuffer>;
export type Retry = z.infer<typeof retry>;
export type Timeout = z.infer<typeof timeout>;
export type Fallback = z.infer<typeof fallback>;

/** The one description of a workflow: types, run-time check and published JSON Schema all come from it. */
export const workflowSchema = z
  .strictObject({
    $schema: z.string().max(2_000).optional().meta({ description: 'For editors; never read or fetched.' }),
    name: z.string().min(1).max(200),
    description: z.string().optional(),
    config: z
      .strictObject({
        default_llm_provider: provider.optional(),
        default_model: model.optional(),
        default_tts_provider: provider.optional(),
        max_concurrency: z
          .int()
          .min(1)
          .max(BOUNDS.concurrency)
          .optional()
          .meta({ description: `Steps at the same time. ${BOUNDS.defaultConcurrency} by default.` }),
      })
      .optional(),
    steps,
  })
  .meta({ title: 'rx-aloud workflow' });

/** A workflow as it stands in a file. */
export type WorkflowDefinition = z.infer<typeof workflowSchema>;

/** The schema of one step by its type; steps of a registered type have the custom one. */
export function stepSchema(type: string, registered: ReadonlySet<string>): z.ZodObject | undefined {
  if (registered.has(type)) return customStep;
  return anyStep.options.find((option) => option.shape.type.value === type);
}
