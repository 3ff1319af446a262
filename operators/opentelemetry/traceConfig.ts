import type { Attributes, Meter, Tracer } from '@opentelemetry/api';
import type { SchedulerLike } from 'rxjs';

/** Where spans and figures go. */
export interface TraceConfig {
  /** Default: the global tracer provider's, of the name `rx-aloud`. */
  readonly tracer?: Tracer | undefined;
  /** Default: the global meter provider's, of the name `rx-aloud`. */
  readonly meter?: Meter | undefined;
  /** Put on every span and figure: `{ 'app.tenant': 'a' }`. Of few different values, as for every figure. */
  readonly attributes?: Attributes | undefined;
  /** Where the figures' time comes from; a span has its own clock. Default: the wall clock. */
  readonly scheduler?: SchedulerLike | undefined;
}

/** @throws TypeError when an option is none. */
export function checkTraceConfig(name: string, { tracer, meter, attributes }: TraceConfig): void {
  const refuse = (option: string, expected: string, value: unknown) => {
    throw new TypeError(`${name}: ${option} must be ${expected}, got ${typeof value}`);
  };
  if (tracer !== undefined && typeof (tracer as Partial<Tracer> | null)?.startSpan !== 'function')
    refuse('tracer', 'a tracer', tracer);
  if (meter !== undefined && typeof (meter as Partial<Meter> | null)?.createHistogram !== 'function')
    refuse('meter', 'a meter', meter);
  if (attributes !== undefined && (typeof attributes !== 'object' || (attributes as unknown) === null))
    refuse('attributes', 'an object', attributes);
}
