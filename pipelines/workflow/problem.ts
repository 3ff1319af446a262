import { WorkflowError } from '../../src/errors.js';
import { BOUNDS } from './bounds.js';

/** One thing that is wrong with a workflow, and where: `steps[1].config.model`; empty for the whole. */
export interface Problem {
  /** Where; empty for the whole. */
  readonly path: string;
  /** What is wrong there. */
  readonly message: string;
}

/** One error of all that is wrong: its path is the first problem's, its message has a line for each. */
export function problemsError(problems: readonly Problem[], name?: string): WorkflowError {
  const shown = problems.slice(0, BOUNDS.problems);
  const lines = shown.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  if (problems.length > shown.length) lines.push(`and ${problems.length - shown.length} more`);
  const of = name === undefined ? 'workflow' : `workflow ${name}`;
  const message =
    lines.length === 1
      ? `${of}: ${lines.join('')}`
      : `${of} has ${problems.length} problems:\n  ${lines.join('\n  ')}`;
  return new WorkflowError(message, { path: shown[0]?.path ?? '', problems: shown });
}

/** A name as an error may show it: quoted, and no longer than a name can be. */
export function shownName(name: string): string {
  return JSON.stringify(name.length <= 64 ? name : `${name.slice(0, 61)}…`);
}
