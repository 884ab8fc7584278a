import { chmod, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
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

test('files that stood open to others are closed as well, also in folders, and what a link names is not touched', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pantau-folder-'));
  try {
    const data = join(folder, 'data');
    await mkdir(join(data, 'backups'), { recursive: true });
    const open = ['operations.db', 'backups/operations-2026-11-29.db'].map((name) => join(data, name));
    const elsewhere = join(folder, 'elsewhere');
    for (const path of [...open, elsewhere]) {
      await writeFile(path, '');
      await chmod(path, 0o644);
    }
    await symlink(elsewhere, join(data, 'link'));
    expect(dataFolderProblem(data)).toBeUndefined();
    for (const path of open) expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(data, 'backups'))).mode & 0o777).toBe(0o700);
    expect((await stat(elsewhere)).mode & 0o777).toBe(0o644);
  } finally {
    await rm(folder, { recursive: true });
  }
});
