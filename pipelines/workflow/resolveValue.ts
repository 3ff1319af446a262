import { BOUNDS, isForbiddenName } from './bounds.js';
import { isReferenceObject, readReference, textParts, type Reference } from './reference.js';
import type { Scope } from './runContext.js';

/**
 * A value of the file with its references replaced, once: what an output says is data, also where it looks like a
 * reference. A text that is nothing but one reference becomes the value itself; inside other text a value is written
 * out, null as nothing.
 */
export function resolveValue(value: unknown, scope: Scope): unknown {
  const resolved = resolve(value, scope);
  checkSize(resolved);
  return resolved;
}

/** The texts of a template, or a value, as text. */
export function asText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  checkSize(value);
  // JSON writes numbers and booleans as they are
  return JSON.stringify(value);
}

/** What a reference stands for now; null where the step has not run, or gave nothing there. */
export function lookUp({ step, field }: Reference, scope: Scope): unknown {
  const [name = '', ...rest] = field;
  let value: unknown = null;
  for (let here: Scope | undefined = scope; here; here = here.parent) {
    const { round, outputs } = here;
    if (round && (step === '' || step === round.loop) && (name === 'item' || name === 'index')) {
      value = round[name];
      break;
    }
    const own = outputs.get(step);
    if (!own) continue;
    value = ownField(own, name);
    break;
  }
  for (const key of rest) value = ownField(value, key);
  return value ?? null;
}

function resolve(value: unknown, scope: Scope): unknown {
  if (typeof value === 'string') {
    const parts = textParts(value);
    const [only] = parts;
    if (parts.length === 1 && only !== undefined)
      return typeof only === 'string' ? only : lookUp(only, scope);
    const texts = parts.map((part) => (typeof part === 'string' ? part : asText(lookUp(part, scope))));
    checkLength(texts.reduce((sum, text) => sum + text.length, 0));
    return texts.join('');
  }
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope));
  if (typeof value !== 'object' || value === null) return value;
  if (isReferenceObject(value)) {
    const reference = readReference(value);
    return typeof reference === 'string' ? null : lookUp(reference, scope);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item, scope)]));
}

function ownField(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || isForbiddenName(key)) return null;
  return Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : null;
}

/** Outputs may hold each other many times over; written out, a few steps could fill the memory. */
function checkSize(value: unknown): void {
  const left: unknown[] = [value];
  let length = 0;
  while (left.length > 0) {
    const next = left.pop();
    length += typeof next === 'string' ? next.length : 1;
    checkLength(length);
    if (typeof next === 'object' && next !== null) {
      for (const [key, item] of Object.entries(next)) {
        length += key.length;
        left.push(item);
      }
    }
  }
}

function checkLength(length: number): void {
  if (length > BOUNDS.resolvedLength)
    throw new RangeError(`a value must not grow beyond ${BOUNDS.resolvedLength} characters`);
}
