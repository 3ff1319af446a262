/**
 * Writes the way to a field as one would in code: `items[0].name`, and `["odd key"]` where a key is no identifier.
 * The whole value is the empty string.
 */
export function formatPath(segments: readonly PropertyKey[]): string {
  let path = '';
  for (const segment of segments) {
    if (typeof segment === 'number') path += `[${segment}]`;
    else if (typeof segment === 'string' && !/^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(segment))
      path += `[${JSON.stringify(segment)}]`;
    else path += (path === '' ? '' : '.') + String(segment);
  }
  return path;
}

/** Reads what `formatPath` writes. A path that cannot be read is a `TypeError`. */
export function parsePath(path: string): readonly (string | number)[] {
  const segments: (string | number)[] = [];
  const step = /\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|(\.?)([^.[\]]+)/gy;
  while (step.lastIndex < path.length) {
    const at = step.lastIndex;
    const match = step.exec(path);
    const [, index, quoted, dot, name] = match ?? [];
    const key = index !== undefined ? Number(index) : quoted !== undefined ? unquoted(quoted) : name;
    if (key === undefined || (name !== undefined && (dot === '.') !== at > 0))
      throw new TypeError(
        `path must be like answer, answer.text or items[0].text, was ${JSON.stringify(path)}`,
      );
    segments.push(key);
  }
  return segments;
}

function unquoted(text: string): string | undefined {
  try {
    return String(JSON.parse(text));
  } catch {
    return undefined;
  }
}
