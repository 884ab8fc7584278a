import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'vitest';

/**
 * The folder of recorded walks and register maps that stands beside a checkout, where it is present. It is not part of
 * the project: a test that needs it is skipped elsewhere, and reports it.
 */
export function sharedFolder(): string | undefined {
  const path = process.env['PANTAU_SHARED'] ?? fileURLToPath(new URL('../../../shared', import.meta.url));
  return existsSync(`${path}/walks`) ? path : undefined;
}

export function requireShared(context: Pick<TestContext, 'skip'>): string {
  return sharedFolder() ?? context.skip('the recorded walks are not beside this checkout (PANTAU_SHARED)');
}
