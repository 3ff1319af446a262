import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { validateWorkflow } from '../../pipelines/workflow/index.js';
import { STEP_TYPES } from '../../pipelines/workflow/schema.js';

const page = readFileSync(new URL('../../docs/workflows.md', import.meta.url), 'utf8');
const blocks = (kind: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`json ${kind}\n([^]*?)^\`\`\``, 'gm'))].map(
    ([, json = '']) => JSON.parse(json) as unknown,
  );

describe('docs/workflows.md', () => {
  it('shows workflows that are right', () => {
    expect(blocks('workflow')).toHaveLength(1);
    expect(blocks('steps')).toHaveLength(1);
    for (const definition of blocks('workflow')) expect(() => validateWorkflow(definition)).not.toThrow();
    for (const steps of blocks('steps')) expect(() => validateWorkflow({ name: 'w', steps })).not.toThrow();
  });

  it('tells of every type of step', () => {
    for (const type of STEP_TYPES) expect(page).toContain(`| \`${type}\``);
  });
});
