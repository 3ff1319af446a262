/** What each step of a list waits for, by place. */
export type Waits = readonly ReadonlySet<number>[];

/**
 * An order in which the steps could run one by one, the file's where nothing speaks against it; without those that
 * wait for each other in a circle, and what waits for them.
 */
export function stepOrder(waits: Waits): readonly number[] {
  const order: number[] = [];
  const done = new Set<number>();
  for (let found = true; found;) {
    found = false;
    for (const [index, before] of waits.entries()) {
      if (done.has(index) || ![...before].every((other) => done.has(other))) continue;
      done.add(index);
      order.push(index);
      found = true;
    }
  }
  return order;
}

/** The circles among steps that cannot be ordered, each once, from its first step on. */
export function circles(waits: Waits): readonly (readonly number[])[] {
  const ordered = new Set(stepOrder(waits));
  const seen = new Set<number>();
  const found: (readonly number[])[] = [];
  for (const start of waits.keys()) {
    const way: number[] = [];
    let here: number | undefined = start;
    while (here !== undefined && !ordered.has(here) && !seen.has(here)) {
      seen.add(here);
      way.push(here);
      here = [...(waits[here] ?? [])].find((other) => !ordered.has(other));
    }
    const from = here === undefined ? -1 : way.indexOf(here);
    if (from >= 0) found.push(fromSmallest(way.slice(from)));
  }
  return found;
}

function fromSmallest(circle: readonly number[]): readonly number[] {
  const at = circle.indexOf(Math.min(...circle));
  return [...circle.slice(at), ...circle.slice(0, at)];
}
