import { createHash } from 'node:crypto';
import type { Filled } from '../../src/filled.js';
import { checkedRetry, type RetryConfig } from '../../src/retryDelay.js';
import { BOUNDS } from '../workflow/bounds.js';
import { checkWorkflow } from '../workflow/checkWorkflow.js';
import { plainJson } from '../workflow/plainJson.js';
import { problemsError } from '../workflow/problem.js';
import type { WorkflowPlan } from '../workflow/workflowPlan.js';

/** A workflow with all that it calls: the run is the same on every machine, whatever its files say by then. */
interface PackedPlan {
  readonly definition: unknown;
  readonly called: Readonly<Record<string, PackedPlan>>;
}

/** What a job carries. Plain JSON. */
export interface QueuedRun extends PackedPlan {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly retry: Filled<RetryConfig>;
  /** Milliseconds; 0 for no limit. */
  readonly timeout: number;
  /** Tells one run from another one. */
  readonly digest: string;
}

/** How a run is to be made. */
export interface QueuedRunOptions {
  readonly inputs?: Readonly<Record<string, unknown>> | undefined;
  readonly retry?: number | RetryConfig | undefined;
  readonly timeout?: number | undefined;
}

/**
 * A checked workflow as a job carries it.
 *
 * @throws WorkflowError when the inputs are no plain JSON.
 */
export function packRun(
  plan: WorkflowPlan,
  { inputs = {}, retry = {}, timeout }: QueuedRunOptions,
): QueuedRun {
  const plain = plainJson({ inputs }, BOUNDS.resolvedLength);
  if (plain.problems.length > 0) throw problemsError(plain.problems, plan.definition.name);
  const what = { ...packPlan(plan), ...(plain.value as Pick<QueuedRun, 'inputs'>) };
  return {
    ...what,
    retry: checkedRetry('enqueue: retry', retry),
    timeout: timeout === undefined || timeout === Infinity ? 0 : timeout,
    digest: createHash('sha256').update(sortedJson(what)).digest('hex'),
  };
}

/**
 * The workflow that a job carries, checked anew: a queue is no more trusted than a file.
 *
 * @throws WorkflowError when it is none, or names types of step that are not known here.
 */
export function unpackPlan(packed: unknown, registered: ReadonlySet<string>, depth = 0): WorkflowPlan {
  const { definition, called = {} } = (packed ?? {}) as Partial<PackedPlan>;
  const inner = depth < BOUNDS.callDepth ? Object.entries(called) : [];
  const plans = inner.map(([file, plan]) => [file, unpackPlan(plan, registered, depth + 1)] as const);
  const checked = checkWorkflow(definition, { registered, called: new Map(plans) });
  if ('problems' in checked) throw problemsError(checked.problems);
  return checked.plan;
}

function packPlan({ definition, called }: WorkflowPlan): PackedPlan {
  return {
    definition,
    called: Object.fromEntries([...called].map(([file, plan]) => [file, packPlan(plan)])),
  };
}

/** The same text for the same value, in whatever order its keys come. */
function sortedJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
