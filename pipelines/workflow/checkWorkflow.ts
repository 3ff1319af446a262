import { formatPath } from '../../src/fieldPath.js';
import { BOUNDS, isForbiddenName } from './bounds.js';
import { suggestion } from './nearestName.js';
import { plainJson } from './plainJson.js';
import { shownName, type Problem } from './problem.js';
import { LOOP_NAMES, type Reference } from './reference.js';
import { referencesOf } from './references.js';
import { pathProblem } from './relativePath.js';
import {
  STEP_TYPES,
  stepSchema,
  workflowSchema,
  type StepOfType,
  type WorkflowDefinition,
  type WorkflowStep,
} from './schema.js';
import { schemaKeywordProblems } from './schemaKeywords.js';
import { schemaProblems } from './schemaProblems.js';
import { inputNames, stepFields } from './stepFields.js';
import { circles, stepOrder } from './stepOrder.js';
import {
  configOf,
  INNER_LISTS,
  isObject,
  stepTree,
  type NodeList,
  type Path,
  type Raw,
  type StepNode,
} from './stepTree.js';
import { resultSteps, type PlannedList, type PlannedStep, type WorkflowPlan } from './workflowPlan.js';

/** What a check has to know beyond the definition itself. */
export interface CheckContext {
  /** Types of step that the program has registered. */
  readonly registered: ReadonlySet<string>;
  /** The workflows that this one calls and that could be read, by what stands in `config.workflow`. */
  readonly called: ReadonlyMap<string, WorkflowPlan>;
}

/** A definition as it may be run, or everything that is wrong with it. */
export function checkWorkflow(
  source: unknown,
  context: CheckContext,
): { readonly plan: WorkflowPlan } | { readonly problems: readonly Problem[] } {
  const { value, problems: notPlain } = plainJson(source);
  if (!isObject(value)) {
    return { problems: notPlain.length > 0 ? notPlain : [{ path: '', message: 'must be a JSON object' }] };
  }
  const problems: Problem[] = [];
  // One by one: a list of many thousands is too long for the arguments of a call.
  const add = (found: readonly Problem[]) => found.forEach((problem) => problems.push(problem));
  const report = (path: Path, message: string) => problems.push({ path: formatPath(path), message });
  const tree = stepTree(value);
  add(notPlain);
  add(tree.problems);
  // The steps are checked one by one below: by their types, and although their neighbours may be wrong.
  add(schemaProblems(workflowSchema, { ...value, steps: [STUB] }, []));

  const byId = new Map<string, StepNode>();
  for (const node of tree.nodes) {
    add(structureProblems(node, context));
    const known = byId.get(node.id);
    if (known)
      report([...node.path, 'id'], `duplicate id ${shownName(node.id)}, also at ${formatPath(known.path)}`);
    else if (node.id !== '') byId.set(node.id, node);
  }
  // Looking for what was meant takes its time, and nobody reads that many.
  const told = (message: string, id: string) =>
    problems.length < BOUNDS.problems ? `${message}${suggestion(id, byId.keys())}` : message;
  for (const node of tree.nodes)
    linkStep(node, { byId, unknown: (id) => told(`unknown step ${shownName(id)}`, id) }, context, report);
  checkOrder(tree.root, tree.nodes, report);

  if (problems.length > 0) return { problems: inOrder(problems) };
  return {
    plan: {
      definition: value as WorkflowDefinition,
      list: planList(tree.root),
      called: context.called,
    },
  };
}

type Report = (path: Path, message: string) => void;

/** The steps of a file by their ids. */
interface Ids {
  readonly byId: ReadonlyMap<string, StepNode>;
  /** What is said of an id that is none. */
  readonly unknown: (id: string) => string;
}

const STUB = { id: 'stub', type: 'output' };

/** Its own shape: fields, kinds and bounds of values, paths, conditions, schemas. */
function structureProblems({ raw, path, type }: StepNode, { registered }: CheckContext): readonly Problem[] {
  const schema = stepSchema(type, registered);
  const at = (...names: Path) => formatPath([...path, ...names]);
  if (!schema) {
    const known = [...STEP_TYPES, ...registered];
    const message =
      raw['type'] === undefined
        ? 'is missing (a type of step)'
        : `unknown step type ${shownName(type)}${suggestion(type, known)}`;
    return [{ path: at('type'), message }];
  }
  const problems = [...schemaProblems(schema, withoutLists(raw, type), path)];
  const config = configOf(raw);
  for (const name of ['file_path', 'output_path', 'output_dir', 'workflow']) {
    const value = OWN_PATHS.has(type) ? config[name] : undefined;
    const wrong = typeof value === 'string' && pathProblem(value.replaceAll(/\{\{[^}]*\}\}/g, 'x'));
    if (wrong) problems.push({ path: at('config', name), message: wrong });
  }
  if (type === 'tts' && typeof config['output_path'] === 'string' && !/\.wav$/i.test(config['output_path']))
    problems.push({ path: at('config', 'output_path'), message: 'must end in .wav' });
  if (type === 'agent_call' && typeof config['workflow'] === 'string' && !/\.json$/i.test(config['workflow']))
    problems.push({ path: at('config', 'workflow'), message: 'must end in .json' });
  if (type === 'condition') problems.push(...conditionProblems(config['if'], [...path, 'config', 'if']));
  if (type === 'llm_structured')
    problems.push(...schemaKeywordProblems(config['schema'], [...path, 'config', 'schema']));
  if (type === 'llm_chat' || type === 'tts') problems.push(...bufferProblems(raw, path));
  problems.push(...outputProblems(raw, path, registered));
  return problems;
}

const OWN_PATHS: ReadonlySet<string> = new Set(['file_output', 'tts', 'agent_call']);

/** A stand-in for inner lists, whose steps are checked by themselves. */
function withoutLists(raw: Raw, type: string): Raw {
  const lists = INNER_LISTS.get(type);
  if (!lists || !isObject(raw['config'])) return raw;
  const config = Object.fromEntries(Object.entries(raw['config']).filter(([name]) => !lists.includes(name)));
  return { ...raw, config: type === 'loop' ? { ...config, body: [STUB] } : config };
}

function conditionProblems(value: unknown, path: Path): readonly Problem[] {
  if (!isObject(value)) return [];
  const keys = Object.keys(value);
  const inner = keys.flatMap((key) => {
    const operand = value[key];
    if (key === 'not') return conditionProblems(operand, [...path, key]);
    if ((key !== 'and' && key !== 'or') || !Array.isArray(operand)) return [];
    return operand.flatMap((item, index) => conditionProblems(item, [...path, key, index]));
  });
  if (keys.length === 1) return inner;
  const message = `must have exactly one of equals, not_equals, greater_than, at_least, less_than, at_most, contains, exists, and, or, not`;
  return [{ path: formatPath(path), message }, ...inner];
}

function bufferProblems(raw: Raw, path: Path): readonly Problem[] {
  const buffer = raw['stream_buffer'];
  if (!isObject(buffer)) return [];
  const { min_chunk_length: min = 20, max_chunk_length: max = 2000, forward_on: on = 'sentence' } = buffer;
  return on === 'sentence' && typeof min === 'number' && typeof max === 'number' && min > max
    ? [
        {
          path: formatPath([...path, 'stream_buffer', 'min_chunk_length']),
          message: `must not be above max_chunk_length (${max})`,
        },
      ]
    : [];
}

/** Outputs that the step doesn't give; an input step and one of a registered type decide themselves. */
function outputProblems(raw: Raw, path: Path, registered: ReadonlySet<string>): readonly Problem[] {
  const { outputs, type } = raw;
  if (!Array.isArray(outputs)) return [];
  const names = outputs as readonly unknown[];
  const problems = names.flatMap((name, index) =>
    typeof name === 'string' && names.indexOf(name) !== index
      ? [{ path: formatPath([...path, 'outputs', index]), message: `${shownName(name)} is listed twice` }]
      : [],
  );
  if (type === 'input') {
    const given = isObject(raw['inputs']) ? Object.keys(raw['inputs']) : [];
    const known = inputNames(raw);
    return given
      .filter((name) => !known.includes(name))
      .map((name) => ({
        path: formatPath([...path, 'inputs', name]),
        message: `${shownName(name)} is not among the outputs of this step${suggestion(name, known)}`,
      }))
      .concat(problems);
  }
  const known = registered.has(String(type)) ? undefined : stepFields(raw);
  if (!known || !STEP_TYPES.some((stepType) => stepType === type)) return problems;
  return names
    .flatMap((name, index) =>
      typeof name === 'string' && !known.includes(name)
        ? [{ path: formatPath([...path, 'outputs', index]), message: noSuchField(name, raw, known) }]
        : [],
    )
    .concat(problems);
}

function noSuchField(name: string, raw: Raw, known: readonly string[]): string {
  if (raw['type'] === 'llm_chat') {
    const other = { ...raw, config: { ...configOf(raw), stream: true, use_conversation: true } };
    if (stepFields(other)?.includes(name))
      return `${shownName(name)} is given only with "${name === 'chunks' ? 'stream' : 'use_conversation'}": true`;
  }
  return `${shownName(String(raw['id']))} has no output ${shownName(name)}${suggestion(name, known)}`;
}

/** Checks what a step refers to, and notes what it waits for. */
function linkStep(node: StepNode, ids: Ids, context: CheckContext, report: Report): void {
  for (const { path, reference } of referencesOf(node)) {
    const wrong =
      typeof reference === 'string' ? reference : linkReference(node, path, reference, ids, context);
    if (wrong !== undefined) report(path, wrong);
  }
  for (const other of node.waitsFor) node.streamsFrom.delete(other);

  const dependsOn: unknown = node.raw['depends_on'];
  if (Array.isArray(dependsOn)) {
    for (const [index, id] of (dependsOn as readonly unknown[]).entries()) {
      if (typeof id !== 'string') continue;
      const target = ids.byId.get(id);
      const wrong = target ? waitFor(node, target, false) : ids.unknown(id);
      if (wrong !== undefined) report([...node.path, 'depends_on', index], wrong);
    }
  }
  if (node.type === 'agent_call') linkCall(node, context, report);
}

/** What is wrong with a reference; where nothing is, the step waits for the one that it refers to. */
function linkReference(
  node: StepNode,
  path: Path,
  reference: Reference,
  ids: Ids,
  context: CheckContext,
): string | undefined {
  const [field, ...rest] = reference.field;
  const forbidden = [reference.step, ...reference.field].find(isForbiddenName);
  if (forbidden !== undefined) return `the name ${forbidden} is not allowed`;
  if (reference.step === '') {
    const inLoop = loopsAround(node).next().value !== undefined;
    return inLoop ? undefined : `{{${reference.field.join('.')}}} stands for something only inside a loop`;
  }
  const target = ids.byId.get(reference.step);
  if (!target) return ids.unknown(reference.step);
  if (field === undefined)
    return `a reference needs a field: {{${reference.step}.field}}; \\{{ stands for two braces`;
  if (target.type === 'loop' && LOOP_NAMES.has(field) && [...loopsAround(node)].includes(target))
    return undefined;
  const known = fieldsOf(target, context);
  if (known && !known.includes(field)) return noSuchField(field, target.raw, known);
  const live =
    node.type === 'tts' &&
    path.length === node.path.length + 2 &&
    path.at(-1) === 'text' &&
    target.type === 'llm_chat' &&
    configOf(target.raw)['stream'] === true &&
    field === 'response' &&
    rest.length === 0 &&
    target.list === node.list;
  return waitFor(node, target, live);
}

/** Lets the step of the own or an outer list wait, so that `target` has ended; or tells why it cannot. */
function waitFor(node: StepNode, target: StepNode, live: boolean): string | undefined {
  const around = new Map<NodeList, StepNode>();
  for (let here: StepNode | undefined = node; here; here = here.list.owner) around.set(here.list, here);
  let before = target;
  while (!around.has(before.list)) {
    const owner = before.list.owner;
    if (!owner) return undefined;
    if (owner.type === 'loop')
      return `${shownName(target.id)} is inside the loop ${shownName(owner.id)}, which gives results and count`;
    before = owner;
  }
  const waiting = around.get(before.list);
  if (waiting === before) {
    if (target === node) return 'circular: the step refers to itself';
    return target === before
      ? `circular: the step is inside ${shownName(target.id)}`
      : `${shownName(target.id)} is in the other branch of ${shownName(before.id)}: only one of them runs`;
  }
  waiting?.[live ? 'streamsFrom' : 'waitsFor'].add(before.index);
  return undefined;
}

function* loopsAround(node: StepNode): Generator<StepNode, undefined> {
  for (let here = node.list.owner; here; here = here.list.owner) if (here.type === 'loop') yield here;
}

function fieldsOf(node: StepNode, { called }: CheckContext): readonly string[] | undefined {
  if (node.type !== 'agent_call') return stepFields(node.raw);
  const plan = called.get(String(configOf(node.raw)['workflow']));
  const results = plan && resultFields(plan);
  return results && ['outputs', 'error', ...results];
}

/** The names of a workflow's outputs, or `undefined` where only the run can tell. */
export function resultFields(plan: WorkflowPlan): readonly string[] | undefined {
  const { kind, steps } = resultSteps(plan.list);
  if (kind === 'last' && steps.length > 1) return steps.map(({ step }) => step.id);
  const fields = steps.map(({ step }) => stepFields(step));
  return fields.some((names) => names === undefined) ? undefined : fields.flatMap((names) => names ?? []);
}

function linkCall(node: StepNode, { called }: CheckContext, report: Report): void {
  const plan = called.get(String(configOf(node.raw)['workflow']));
  const inputs = node.raw['inputs'];
  if (!plan || !isObject(inputs)) return;
  const known = askedNames(plan);
  for (const name of Object.keys(inputs)) {
    if (!known.includes(name))
      report(
        [...node.path, 'inputs', name],
        `the called workflow asks for no ${shownName(name)}${suggestion(name, known)}`,
      );
  }
}

/** The names of the run's inputs that a workflow can take. */
export function askedNames(plan: WorkflowPlan): readonly string[] {
  const names = new Set<string>();
  const look = (list: PlannedList) => {
    for (const { step, lists } of list.steps) {
      if (step.type === 'input') for (const name of inputNames(step)) names.add(name);
      if (takesMessage(step)) names.add('message');
      for (const inner of Object.values(lists)) look(inner);
    }
  };
  look(plan.list);
  return [...names];
}

/** Whether a step takes the run's `message`, because it has none of its own. */
export function takesMessage(step: PlannedStep['step']): boolean {
  if (step.type !== 'llm_chat' && step.type !== 'llm_structured') return false;
  return (step as StepOfType<'llm_chat' | 'llm_structured'>).inputs?.message === undefined;
}

/** Reports circles; where there are none, lets steps of one conversation wait for each other. */
function checkOrder(root: NodeList, nodes: readonly StepNode[], report: Report): void {
  const lists = [root, ...nodes.flatMap((node) => Object.values(node.lists))];
  for (const { nodes: steps } of lists) {
    const waits = steps.map((node) => new Set([...node.waitsFor, ...node.streamsFrom]));
    const found = circles(waits);
    for (const circle of found) {
      const first = steps[circle[0] ?? 0];
      // a step that refers to itself has been told already
      if (!first || circle.length < 2) continue;
      const way = [...circle, circle[0] ?? 0].map((index) => steps[index]?.id ?? '').join(' → ');
      report(first.path, `circular: ${way} (each waits for the next)`);
    }
    if (found.length > 0) continue;
    const last = new Map<string, number>();
    for (const index of stepOrder(waits)) {
      const node = steps[index];
      if (!node) continue;
      for (const id of conversationsIn(node)) {
        const before = last.get(id);
        if (before !== undefined) node.waitsFor.add(before);
        last.set(id, index);
      }
    }
  }
}

/** The conversations that a step or the steps inside it take part in. */
function conversationsIn(node: StepNode): ReadonlySet<string> {
  const { use_conversation: uses, conversation_id: id } = configOf(node.raw);
  const own = node.type === 'llm_chat' && uses === true && typeof id === 'string' ? [id] : [];
  const inner = Object.values(node.lists).flatMap((list) =>
    list.nodes.flatMap((step) => [...conversationsIn(step)]),
  );
  return new Set([...own, ...inner]);
}

function planList({ nodes }: NodeList): PlannedList {
  const steps = nodes.map((node) => ({
    step: node.raw as unknown as WorkflowStep,
    path: formatPath(node.path),
    waitsFor: [...node.waitsFor],
    streamsFrom: [...node.streamsFrom].filter((index) => !node.waitsFor.has(index)),
    lists: Object.fromEntries(Object.entries(node.lists).map(([name, list]) => [name, planList(list)])),
  }));
  const order = stepOrder(steps.map((step) => new Set([...step.waitsFor, ...step.streamsFrom])));
  return { steps, order };
}

const byPlace = new Intl.Collator('en', { numeric: true });

/** The file's order, whatever found them; the same place twice only with different messages. */
function inOrder(problems: readonly Problem[]): readonly Problem[] {
  const different = new Map(problems.map((problem) => [`${problem.path}\n${problem.message}`, problem]));
  const all = [...different.values()];
  // Who has thousands will not miss the order of the last ones.
  const first = all.slice(0, 1000).sort((a, b) => byPlace.compare(a.path, b.path));
  return [...first, ...all.slice(1000)];
}
