/** How large a workflow may be. A file is untrusted input: each of these is a limit, not a recommendation. */
export const BOUNDS = {
  /** Bytes of a workflow file. */
  fileBytes: 1_048_576,
  /** Levels of nesting in a definition. */
  depth: 40,
  /** Objects, lists and values in a definition. */
  values: 100_000,
  /** UTF-16 units of one text in a definition. */
  textLength: 200_000,
  /** Steps of one file, those inside conditions and loops included. */
  steps: 1_000,
  /** Steps that one run may start, every round of every loop and every called workflow included. */
  stepRuns: 10_000,
  /** Files that one workflow may call, directly and through others, and how deep. */
  calledFiles: 50,
  callDepth: 8,
  /** Problems that are listed before the rest is only counted. */
  problems: 100,
  /** UTF-16 units of a resolved value: what a reference, template or reply may grow to. */
  resolvedLength: 1_000_000,
  /** Rounds of a loop, and the limit where the file sets none. */
  loopRounds: 1_000,
  defaultLoopRounds: 100,
  /** Steps at the same time, and the limit where neither file nor host sets one. */
  concurrency: 64,
  defaultConcurrency: 8,
} as const;

const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** Names that reach an object's prototype in careless code; refused as keys and names at any depth. */
export function isForbiddenName(name: string): boolean {
  return FORBIDDEN.has(name);
}
