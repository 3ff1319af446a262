/** An output of another step: `{ "from_step": "a", "field": "response" }`, or `{{a.response}}` inside a text. */
export interface Reference {
  readonly step: string;
  /** The output's name, then the way into it. */
  readonly field: readonly string[];
}

/** A piece of a text: as it stands, or an output. */
export type TextPart = string | Reference;

/** Names that stand for the innermost loop around them: `{{item}}`, `{{index}}`. */
export const LOOP_NAMES: ReadonlySet<string> = new Set(['item', 'index']);

const PLACEHOLDER = /\\\{\{|\{\{\s*([A-Za-z0-9_-]{1,64}(?:\.[A-Za-z0-9_-]{1,64}){0,20})\s*\}\}/g;

/**
 * The pieces of a text. `\{{` stands for two braces; what doesn't look like `{{step.field}}` is left as it is.
 * `{{name}}` has an empty field, save for the names of a loop.
 */
export function textParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let plain = '';
  let from = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    plain += text.slice(from, match.index);
    from = match.index + match[0].length;
    const names = match[1]?.split('.');
    if (!names) {
      plain += '{{';
      continue;
    }
    if (plain !== '') parts.push(plain);
    plain = '';
    parts.push(toReference(names));
  }
  plain += text.slice(from);
  if (plain !== '' || parts.length === 0) parts.push(plain);
  return parts;
}

/** Whether an object is written as a reference; whether it is a right one is for the validation to say. */
export function isReferenceObject(value: object): value is { from_step: unknown; field?: unknown } {
  return Object.hasOwn(value, 'from_step');
}

/** The reference that `{ from_step, field }` stands for, or what is wrong with it. */
export function readReference(value: object): Reference | string {
  const { from_step: step, field, ...rest } = value as Readonly<Record<string, unknown>>;
  const extra = Object.keys(rest)[0];
  if (typeof step !== 'string' || typeof field !== 'string' || extra !== undefined)
    return 'a reference must be { "from_step": "step id", "field": "name" } and nothing else';
  if (!/^[A-Za-z0-9_-]{1,64}(\.[A-Za-z0-9_-]{1,64}){0,20}$/.test(field))
    return 'the field must be the name of an output, such as response or response.title';
  return { step, field: field.split('.') };
}

function toReference(names: readonly string[]): Reference {
  const [step = '', ...field] = names;
  return LOOP_NAMES.has(step) ? { step: '', field: names } : { step, field };
}
