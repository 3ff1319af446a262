import { formatPath } from '../../src/fieldPath.js';
import { BOUNDS } from './bounds.js';
import type { Problem } from './problem.js';

export type Raw = Readonly<Record<string, unknown>>;
export type Path = readonly (string | number)[];

/** A list of steps as it stands in a file, right or wrong. */
export interface NodeList {
  readonly nodes: StepNode[];
  /** The condition or loop that it is in. */
  readonly owner: StepNode | undefined;
}

/** A step as it stands in a file. */
export interface StepNode {
  readonly raw: Raw;
  readonly path: Path;
  /** Empty where the file has none that could be one. */
  readonly id: string;
  readonly type: string;
  readonly list: NodeList;
  readonly index: number;
  readonly lists: Record<string, NodeList>;
  /** Places in its own list. */
  readonly waitsFor: Set<number>;
  readonly streamsFrom: Set<number>;
}

/** Where steps have lists of steps: in `config`, under these names. */
export const INNER_LISTS: ReadonlyMap<string, readonly string[]> = new Map([
  ['condition', ['then', 'else']],
  ['loop', ['body']],
]);

export const isObject = (value: unknown): value is Raw =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const configOf = (raw: Raw): Raw => (isObject(raw['config']) ? raw['config'] : {});

/** Every step of a definition with its place, and what is wrong with the lists themselves. */
export function stepTree(definition: Raw): {
  readonly root: NodeList;
  readonly nodes: readonly StepNode[];
  readonly problems: readonly Problem[];
} {
  const nodes: StepNode[] = [];
  const problems: Problem[] = [];
  const report = (path: Path, message: string) => problems.push({ path: formatPath(path), message });

  const read = (value: unknown, path: Path, owner: StepNode | undefined): NodeList => {
    const list: NodeList = { nodes: [], owner };
    if (!Array.isArray(value)) {
      report(path, value === undefined ? 'is missing (a list of steps)' : 'must be a list of steps');
      return list;
    }
    if (value.length === 0) report(path, 'must have at least one step');
    for (const [index, raw] of (value as readonly unknown[]).entries()) {
      const at = [...path, index];
      if (!isObject(raw)) {
        report(at, 'must be a step: { "id": …, "type": … }');
        continue;
      }
      if (nodes.length >= BOUNDS.steps) {
        if (nodes.length === BOUNDS.steps)
          report(
            ['steps'],
            `a workflow must have at most ${BOUNDS.steps} steps, those inside others included`,
          );
        return list;
      }
      const { id, type } = raw;
      const node: StepNode = {
        raw,
        path: at,
        id: typeof id === 'string' ? id : '',
        type: typeof type === 'string' ? type : '',
        list,
        index: list.nodes.length,
        lists: {},
        waitsFor: new Set(),
        streamsFrom: new Set(),
      };
      list.nodes.push(node);
      nodes.push(node);
      const config = configOf(raw);
      for (const name of INNER_LISTS.get(node.type) ?? []) {
        if (config[name] === undefined && name !== 'body') continue;
        node.lists[name] = read(config[name], [...at, 'config', name], node);
      }
    }
    return list;
  };

  return { root: read(definition['steps'], ['steps'], undefined), nodes, problems };
}
