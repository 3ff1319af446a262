import { vi } from 'vitest';

/** Waits until a check passes, for as long as a machine that is busy may take. */
export async function eventually(check: () => unknown): Promise<void> {
  await vi.waitFor(check, { timeout: 30_000, interval: 20 });
}
