/**
 * What is wrong with a path from a file, or `undefined`: it must be relative and stay below the folder that it is
 * resolved in. Symbolic links can only be checked where the files are, in `openInside`.
 */
export function pathProblem(path: string): string | undefined {
  if (/[\u0000-\u001f]/.test(path)) return 'the path must not hold control characters';
  if (/^([/\\]|[A-Za-z]:)/.test(path) || path.startsWith('~')) return 'the path must be relative';
  const segments = path.split(/[/\\]/);
  if (segments.includes('..')) return 'the path must not hold ..';
  if (path.includes('\\')) return 'the path must be written with /';
  const last = segments.at(-1) ?? '';
  if (last === '' || last === '.') return 'the path must name a file';
  if (segments.some((segment) => segment.length > 200)) return 'a name in the path is too long';
  return undefined;
}
