import { defer, map, of, tap, type MonoTypeOperatorFunction, type Observable } from 'rxjs';
import type { ChatOptions } from '../../src/chatModel.js';
import { answer } from './asking.js';
import { BOUNDS } from './bounds.js';
import { replyTimeouts } from './inMilliseconds.js';
import { asText, resolveValue } from './resolveValue.js';
import type { RunningStep } from './runContext.js';
import type { StepOfType } from './schema.js';

type Asking = RunningStep<StepOfType<'llm_chat' | 'llm_structured'>>;

/** What is said to the model: the step's message, else the run's, else what the user answers. */
export function messageOf({ step, planned, inputs, scope, run }: Asking): Observable<string> {
  const own = Object.hasOwn(inputs, 'message');
  const given = own || Object.hasOwn(scope.inputs, 'message');
  const message = given
    ? of(own ? inputs['message'] : scope.inputs['message'])
    : answer({ step: step.id, name: 'message', prompt: '' }, planned.path, run);
  return message.pipe(
    map((value) => {
      const text = asText(value);
      if (text.trim() === '') throw new Error('the message is empty');
      return text;
    }),
  );
}

/** A provider and its model by name. */
export interface Names {
  /** `auto` where the file has none. */
  readonly provider: string;
  readonly written: string | undefined;
  readonly model: string | undefined;
}

/** Who is asked, as it is written in the file: in the step, else in the workflow's defaults. */
export function namesOf({ step, scope }: Asking): Names {
  return namesFor(step.config ?? {}, scope.plan.definition.config ?? {});
}

/** A default model belongs to the default provider: another provider would not know it. */
export function namesFor(
  own: { readonly provider?: string | undefined; readonly model?: string | undefined },
  defaults: {
    readonly default_llm_provider?: string | undefined;
    readonly default_model?: string | undefined;
  },
): Names {
  const written = own.provider ?? defaults.default_llm_provider;
  const same = own.provider === undefined || own.provider === defaults.default_llm_provider;
  return {
    provider: written ?? 'auto',
    written,
    model: own.model ?? (same ? defaults.default_model : undefined),
  };
}

/** The request's options, from the step's `config`. */
export function chatOptions({ step, scope }: Asking): ChatOptions {
  const { temperature, max_tokens: maxTokens, system_message: system, timeout } = step.config ?? {};
  const { firstTokenTimeout, idleTimeout } = replyTimeouts(timeout);
  return {
    ...(system === undefined ? {} : { system: asText(resolveValue(system, scope)) }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(firstTokenTimeout === undefined ? {} : { firstTokenTimeout }),
    ...(idleTimeout === undefined ? {} : { idleTimeout }),
  };
}

/** Ends a reply that would never end. */
export function boundedText(): MonoTypeOperatorFunction<string> {
  return (source) =>
    defer(() => {
      let length = 0;
      return source.pipe(
        tap((text) => {
          length += text.length;
          if (length > BOUNDS.resolvedLength)
            throw new RangeError(`a reply must not grow beyond ${BOUNDS.resolvedLength} characters`);
        }),
      );
    });
}
