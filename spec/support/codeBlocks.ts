import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A fenced block of a document or of a doc comment. */
export interface CodeBlock {
  /** Where it stands, from the top folder: `docs/testing.md`. */
  readonly document: string;
  /** The line of its opening fence, from 1. */
  readonly line: number;
  /** What its fence says: `ts`, `sh`, `json workflow`. */
  readonly language: string;
  readonly code: string;
  /** Why it is not run: what `<!-- not run: … -->` above it says. */
  readonly notRun: string | undefined;
  /** What it prints: the ```text block below it, where the line between them is `prints`. */
  readonly prints: string | undefined;
}

/** Every fenced block of a Markdown file. Throws on a fence that is not closed. */
export function codeBlocks(document: string): readonly CodeBlock[] {
  const lines = readFileSync(root + document, 'utf8').split('\n');
  const found: CodeBlock[] = [];
  for (let at = 0; at < lines.length; at++) {
    const [, indent = '', fence = '', language = ''] = /^(\s*)(`{3,})(.*)$/.exec(lines[at] ?? '') ?? [];
    if (fence === '') continue;
    const end = lines.findIndex((line, index) => index > at && line === indent + fence);
    if (end < 0) throw new Error(`${document}:${at + 1}: a fence that is never closed`);
    const code = lines
      .slice(at + 1, end)
      .map((line) => line.slice(indent.length))
      .join('\n');
    found.push({
      document,
      line: at + 1,
      language: language.trim(),
      code,
      notRun: notRunAbove(lines, at),
      prints: printsBelow(lines, end),
    });
    at = end;
  }
  return found;
}

/** The ```ts blocks of a source file's doc comments. */
export function docCommentBlocks(file: string): readonly CodeBlock[] {
  const lines = readFileSync(root + file, 'utf8').split('\n');
  const found: CodeBlock[] = [];
  for (let at = 0; at < lines.length; at++) {
    const [, margin] = /^(\s*\* )```ts\s*$/.exec(lines[at] ?? '') ?? [];
    if (margin === undefined) continue;
    const end = lines.findIndex((line, index) => index > at && line === `${margin}\`\`\``);
    if (end < 0) throw new Error(`${file}:${at + 1}: a fence that is never closed`);
    const code = lines
      .slice(at + 1, end)
      .map((line) => line.slice(margin.length))
      .join('\n');
    found.push({ document: file, line: at + 1, language: 'ts', code, notRun: undefined, prints: undefined });
    at = end;
  }
  return found;
}

function notRunAbove(lines: readonly string[], fence: number): string | undefined {
  let at = fence - 1;
  while (at >= 0 && lines[at] === '') at--;
  if (!lines[at]?.endsWith('-->')) return undefined;
  let comment = lines[at] ?? '';
  while (!comment.startsWith('<!--') && at > 0) comment = `${lines[--at] ?? ''} ${comment}`;
  return /^<!-- not run: (.+) -->$/.exec(comment)?.[1];
}

function printsBelow(lines: readonly string[], end: number): string | undefined {
  let at = end + 1;
  const skipEmpty = () => {
    while (lines[at] === '') at++;
  };
  skipEmpty();
  if (!/\bprints:?$/.test(lines[at] ?? '')) return undefined;
  at++;
  skipEmpty();
  if (lines[at] !== '```text') return undefined;
  return lines.slice(at + 1, lines.indexOf('```', at + 1)).join('\n');
}
