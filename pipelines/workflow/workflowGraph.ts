import { checkWorkflow } from './checkWorkflow.js';
import { problemsError } from './problem.js';
import { registeredTypes } from './register.js';
import type { PlannedList, PlannedStep } from './workflowPlan.js';

/**
 * The steps of a workflow and what they wait for, as a Mermaid flowchart. A dotted arrow is a reply that is read while
 * it streams; conditions and loops are boxes around the steps inside them.
 *
 * ```ts
 * workflowGraph(JSON.parse(text));
 * // flowchart TD
 * //   s0["ask<br><small>input</small>"]
 * //   s1["reply<br><small>llm_chat</small>"]
 * //   s0 --> s1
 * ```
 *
 * @throws WorkflowError when the definition is not a right one.
 */
export function workflowGraph(definition: unknown): string {
  const checked = checkWorkflow(definition, { registered: registeredTypes(), called: new Map() });
  if ('problems' in checked) throw problemsError(checked.problems);
  const names = new Map<PlannedStep, string>();
  const nodes = nodeLines(checked.plan.list, names, '  ');
  const edges = edgeLines(checked.plan.list, names);
  return ['flowchart TD', ...nodes, ...edges, ''].join('\n');
}

function nodeLines(list: PlannedList, names: Map<PlannedStep, string>, indent: string): readonly string[] {
  return list.steps.flatMap((planned) => {
    const name = `s${names.size}`;
    names.set(planned, name);
    const { id, type } = planned.step;
    const inner = Object.entries(planned.lists);
    if (inner.length === 0) return [`${indent}${name}["${label(id)}<br><small>${label(type)}</small>"]`];
    return [
      `${indent}subgraph ${name}["${label(id)} (${label(type)})"]`,
      ...inner.flatMap(([branch, steps]) => [
        `${indent}  subgraph ${name}_${branch}["${branch}"]`,
        ...nodeLines(steps, names, `${indent}    `),
        `${indent}  end`,
      ]),
      `${indent}end`,
    ];
  });
}

function edgeLines(list: PlannedList, names: ReadonlyMap<PlannedStep, string>): readonly string[] {
  const nameAt = (index: number) => {
    const planned = list.steps[index];
    return (planned && names.get(planned)) ?? '';
  };
  return list.steps.flatMap((planned) => {
    const name = names.get(planned) ?? '';
    return [
      ...planned.waitsFor.map((before) => `  ${nameAt(before)} --> ${name}`),
      ...planned.streamsFrom.map((before) => `  ${nameAt(before)} -. streams .-> ${name}`),
      ...Object.values(planned.lists).flatMap((inner) => edgeLines(inner, names)),
    ];
  });
}

/** Names are letters, digits, _ and - already; what isn't is written as an entity. */
function label(name: string): string {
  return name.replaceAll(/[^\w -]/g, (character) => `#${character.codePointAt(0) ?? 63};`);
}
