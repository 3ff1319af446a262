import { realpath } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WorkflowError } from '../../src/errors.js';
import { formatPath } from '../../src/fieldPath.js';
import { BOUNDS } from './bounds.js';
import { checkWorkflow } from './checkWorkflow.js';
import { readBounded, readInside } from './insideFolder.js';
import { plainJson } from './plainJson.js';
import { problemsError, shownName, type Problem } from './problem.js';
import { pathProblem } from './relativePath.js';
import { configOf, isObject, stepTree } from './stepTree.js';
import type { WorkflowPlan } from './workflowPlan.js';

interface Loading {
  readonly registered: ReadonlySet<string>;
  /** The folder that called files have to be in; undefined where none can be called. */
  readonly folder: string | undefined;
  /** Files read so far. */
  files: number;
}

/**
 * Reads and checks a workflow and all that it calls, before anything runs. A definition that is no path needs `folder`
 * to call others.
 */
export async function loadPlan(
  source: unknown,
  registered: ReadonlySet<string>,
  folder: string | undefined,
): Promise<WorkflowPlan> {
  if (typeof source !== 'string' && !(source instanceof URL))
    return check(source, { registered, folder, files: 0 }, '.', []);
  const named = resolve(source instanceof URL ? fileURLToPath(source) : source);
  const file = await realpath(named).catch(() => named);
  const shown = typeof source === 'string' ? source : named;
  let definition: unknown;
  try {
    definition = parse(await readBounded(file, shown, BOUNDS.fileBytes));
  } catch (error) {
    throw problemsError([{ path: '', message: (error as Error).message }], shown);
  }
  return check(definition, { registered, folder: folder ?? dirname(file), files: 0 }, '.', [file], shown);
}

async function check(
  definition: unknown,
  loading: Loading,
  /** Where the definition's own folder is, below the allowed one. */
  here: string,
  /** The files on the way here. */
  way: readonly string[],
  shown?: string,
): Promise<WorkflowPlan> {
  const called = new Map<string, WorkflowPlan>();
  const problems: Problem[] = [];
  for (const { path, workflow } of calls(plainJson(definition).value)) {
    if (called.has(workflow)) continue;
    try {
      called.set(workflow, await load(workflow, loading, here, way));
    } catch (error) {
      if (!(error instanceof WorkflowError)) problems.push({ path, message: (error as Error).message });
      else
        for (const { path: at, message } of error.problems)
          problems.push({ path, message: `${workflow}: ${at === '' ? '' : `${at}: `}${message}` });
    }
  }
  const checked = checkWorkflow(definition, { registered: loading.registered, called });
  if ('problems' in checked) throw problemsError([...checked.problems, ...problems], shown);
  if (problems.length > 0) throw problemsError(problems, shown);
  return checked.plan;
}

async function load(
  workflow: string,
  loading: Loading,
  here: string,
  way: readonly string[],
): Promise<WorkflowPlan> {
  if (loading.folder === undefined)
    throw new Error('workflowDir is needed to call other workflows from a definition that is no file');
  if (++loading.files > BOUNDS.calledFiles)
    throw new Error(`at most ${BOUNDS.calledFiles} workflow files can be called`);
  if (way.length > BOUNDS.callDepth)
    throw new Error(`workflows can call each other at most ${BOUNDS.callDepth} deep`);
  const { path, text } = await readInside(loading.folder, join(here, workflow), BOUNDS.fileBytes);
  if (way.includes(path)) throw new Error(`circular: ${shownName(workflow)} is calling itself`);
  return check(parse(text), loading, join(here, dirname(workflow)), [...way, path], workflow);
}

/** The files that a definition calls, as far as it can be read. */
function calls(definition: unknown): readonly { readonly path: string; readonly workflow: string }[] {
  if (!isObject(definition)) return [];
  return stepTree(definition).nodes.flatMap(({ raw, type, path }) => {
    const { workflow } = configOf(raw);
    // What is wrong with the path itself is told by the check.
    const callable = type === 'agent_call' && typeof workflow === 'string' && !pathProblem(workflow);
    return callable ? [{ path: formatPath([...path, 'config', 'workflow']), workflow }] : [];
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    const at = /position (\d+)/.exec((error as Error).message)?.[1];
    const before = text.slice(0, at === undefined ? text.length : Number(at)).split('\n');
    throw new Error(`is not JSON: line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`, {
      cause: error,
    });
  }
}
