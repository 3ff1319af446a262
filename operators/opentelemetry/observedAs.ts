import {
  context,
  metrics,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Histogram,
  type Meter,
  type Span,
} from '@opentelemetry/api';
import { asyncScheduler, Observable, tap } from 'rxjs';
import { isAbort } from '../../src/mayHeal.js';
import { measure, type Measures } from '../measure.js';
import type { TraceConfig } from './traceConfig.js';

/** What is asked of whom. */
export interface Operation {
  /** `gen_ai.operation.name`. */
  readonly name: string;
  /** `gen_ai.provider.name`. */
  readonly provider: string;
  /** `gen_ai.request.model`. */
  readonly model: string | undefined;
  /** Whether the answer comes in pieces, so that there is a first one to wait for. */
  readonly streams: boolean;
  /** On the span alone: they may have many values. */
  readonly request: Attributes;
}

interface Instruments {
  readonly duration: Histogram;
  readonly firstChunk: Histogram;
  readonly tokens: Histogram;
}

const seconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const powersOfFour = Array.from({ length: 14 }, (_, power) => 4 ** power);
const instruments = new WeakMap<Meter, Instruments>();

/**
 * A source with a span from subscribe to its end, and the convention's figures: `measure` tells them. What the source
 * subscribes is inside the span's context, so that the spans of an instrumented `fetch` stand under it.
 *
 * @param listen Makes, for each subscription, what hears every event and tells the span about it, and the tokens.
 */
export function observedAs<T>(
  { name, provider, model, streams, request }: Operation,
  { tracer, meter, attributes = {}, scheduler = asyncScheduler }: TraceConfig,
  source: Observable<T>,
  listen: (span: Span, count: (type: 'input' | 'output', tokens: number) => void) => (event: T) => void,
): Observable<T> {
  return new Observable<T>((subscriber) => {
    const common: Attributes = {
      ...attributes,
      'gen_ai.operation.name': name,
      'gen_ai.provider.name': provider,
      ...(model !== undefined && { 'gen_ai.request.model': model }),
    };
    const parent = context.active();
    const span = (tracer ?? trace.getTracer('rx-aloud')).startSpan(
      model === undefined ? name : `${name} ${model}`,
      { kind: SpanKind.CLIENT, attributes: { ...common, ...request } },
      parent,
    );
    // Asked each time: the global provider may come later than the model.
    const { duration, firstChunk, tokens } = instrumentsOf(meter ?? metrics.getMeter('rx-aloud'));
    let failure: Attributes = {};
    let first: number | undefined;
    const observe = (measures: Measures) => {
      first ??= measures.timeToFirstToken ?? measures.timeToFirstAudio;
      if (measures.ended === undefined) return;
      if (streams && first !== undefined) {
        span.setAttribute('gen_ai.response.time_to_first_chunk', first / 1000);
        firstChunk.record(first / 1000, common);
      }
      duration.record(measures.elapsed / 1000, { ...common, ...failure });
      span.setAttributes({ ...failure, 'rx_aloud.ended': measures.ended });
      span.end();
    };
    const observed = source.pipe(
      tap({
        next: listen(span, (type, count) => tokens.record(count, { ...common, 'gen_ai.token.type': type })),
        error: (error: unknown) => {
          failure = { 'error.type': errorType(error) };
          const message = error instanceof Error ? error.message : String(error);
          span.setStatus({ code: SpanStatusCode.ERROR, message });
          span.recordException(error instanceof Error ? error : message);
        },
      }),
      measure(observe, { scheduler }),
    );
    context.with(trace.setSpan(parent, span), () => observed.subscribe(subscriber));
  });
}

function instrumentsOf(meter: Meter): Instruments {
  const known = instruments.get(meter);
  if (known) return known;
  const histogram = (name: string, unit: string, description: string, boundaries: number[]) =>
    meter.createHistogram(name, { unit, description, advice: { explicitBucketBoundaries: boundaries } });
  const made: Instruments = {
    duration: histogram('gen_ai.client.operation.duration', 's', 'GenAI operation duration.', seconds),
    firstChunk: histogram(
      'gen_ai.client.operation.time_to_first_chunk',
      's',
      'Time to receive the first chunk.',
      seconds,
    ),
    tokens: histogram('gen_ai.client.token.usage', '{token}', 'Tokens used.', powersOfFour),
  };
  instruments.set(meter, made);
  return made;
}

/** The status of a refused request, else the error's class. */
function errorType(error: unknown): string {
  if (isAbort(error)) return 'AbortError';
  const { status, name } = (typeof error === 'object' && error !== null ? error : {}) as {
    readonly status?: unknown;
    readonly name?: unknown;
  };
  if (typeof status === 'number') return String(status);
  return typeof name === 'string' && name !== '' ? name : '_OTHER';
}
