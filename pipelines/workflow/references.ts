import { isReferenceObject, readReference, textParts, type Reference } from './reference.js';
import { configOf, isObject, type Path, type StepNode } from './stepTree.js';

/** Fields of `config` in which references are replaced; everything in `inputs` is looked at anyway. */
const IN_CONFIG: ReadonlyMap<string, readonly string[]> = new Map([
  ['input', ['prompt']],
  ['file_output', ['file_path']],
  ['llm_chat', ['system_message']],
  ['llm_structured', ['system_message']],
  ['tts', ['output_path', 'output_dir']],
  ['condition', ['if']],
]);

/** A reference with its place, or what is wrong with what should have been one. */
export interface FoundReference {
  readonly path: Path;
  readonly reference: Reference | string;
}

/** Every reference of a step, in the order of the file. */
export function referencesOf({ raw, path, type }: StepNode): readonly FoundReference[] {
  const found: FoundReference[] = [];
  const look = (value: unknown, at: Path): void => {
    if (typeof value === 'string') {
      for (const part of textParts(value)) {
        if (typeof part !== 'string') found.push({ path: at, reference: part });
      }
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) look(item, [...at, index]);
    } else if (isObject(value)) {
      if (isReferenceObject(value)) found.push({ path: at, reference: readReference(value) });
      else for (const [key, item] of Object.entries(value)) look(item, [...at, key]);
    }
  };
  const config = configOf(raw);
  for (const name of IN_CONFIG.get(type) ?? []) look(config[name], [...path, 'config', name]);
  look(raw['inputs'], [...path, 'inputs']);
  return found;
}
