import { defer, endWith, map, pairwise, switchMap, type Observable } from 'rxjs';
import { parsePartialJson } from '../../../operators/parsePartialJson.js';
import { failAfter } from '../failAfter.js';
import { replyTimeouts } from '../inMilliseconds.js';
import { boundedText, chatOptions, messageOf, namesOf } from '../llmRequest.js';
import { outputs, progress, type RunningStep, type StepSignal } from '../runContext.js';
import type { StepOfType } from '../schema.js';

/** Asks a model for an object: shows it as it grows, gives it when it is whole and fits the schema. */
export function llmStructured(running: RunningStep<StepOfType<'llm_structured'>>): Observable<StepSignal> {
  const { step, run } = running;
  const { provider, written, model: name } = namesOf(running);
  const { schema } = step.config;
  const DONE = Symbol('done');
  return messageOf(running).pipe(
    switchMap((message) =>
      defer(() => {
        const model = run.model(provider, name);
        return model(message, { ...chatOptions(running), schema }).pipe(
          failAfter(replyTimeouts(step.config.timeout).total, provider, run.scheduler),
          boundedText(),
          parsePartialJson(schema),
          endWith(DONE),
          pairwise(),
          map(([value, next]) =>
            next === DONE
              ? outputs({
                  response: value,
                  message,
                  provider: written ?? model.provider,
                  model: name ?? model.model,
                })
              : progress({ type: 'partial', value }),
          ),
        );
      }),
    ),
  );
}
