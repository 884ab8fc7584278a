import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dataFolderProblem } from '../../cli/data-folder.ts';

test('the data folder is closed to everybody else on the machine, also one that stood open', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pantau-folder-'));
  try {
    const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;
    expect(dataFolderProblem(join(folder, 'new'))).toBeUndefined();
    expect(await modeOf(join(folder, 'new'))).toBe(0o700);
    await chmod(join(folder, 'new'), 0o755);
    expect(dataFolderProblem(join(folder, 'new'))).toBeUndefined();
    expect(await modeOf(join(folder, 'new'))).toBe(0o700);
  } finally {
    await rm(folder, { recursive: true });
  }
});
