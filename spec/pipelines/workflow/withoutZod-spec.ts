import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const pipelines = fileURLToPath(new URL('../../../dist/pipelines/index.js', import.meta.url));

/** Makes zod a package that is not installed. */
const hook = `export async function resolve(name, context, next) {
  if (name === 'zod' || name.startsWith('zod/')) {
    const error = new Error("Cannot find package 'zod' imported from " + context.parentURL);
    error.code = 'ERR_MODULE_NOT_FOUND';
    throw error;
  }
  return next(name, context);
}`;
const url = (code: string) => `data:text/javascript,${encodeURIComponent(code)}`;

describe('rx-aloud/pipelines without zod', () => {
  it('can be imported; only running a workflow says what to install', async () => {
    const script = `
      const { runWorkflow, register } = await import(${JSON.stringify(pipelines)});
      register('x', () => ({}));
      runWorkflow({ name: 'w', steps: [{ id: 'a', type: 'x' }] }).subscribe({
        next: () => console.log('ran'),
        error: ({ name, message }) => console.log(name + ': ' + message),
      });`;
    const { stdout } = await promisify(execFile)(process.execPath, [
      '--import',
      url(`import { register } from 'node:module'; register(${JSON.stringify(url(hook))});`),
      '--input-type=module',
      '--eval',
      script,
    ]);
    expect(stdout).toBe('WorkflowError: workflows need the package zod: npm install zod\n');
  });
});
