import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadConfig } from '../../config/load.ts';
import { loadConfigInThread } from '../../config/load-thread.ts';

const shipped = fileURLToPath(new URL('../../config', import.meta.url));

test('gives the same model as loading in place, with a topology that answers', async () => {
  const expected = loadConfig(shipped);
  const loaded = await loadConfigInThread(shipped);
  if (!expected.ok || !loaded.ok) throw new Error('the shipped configuration is broken');
  const { topology, ...model } = loaded.model;
  const { topology: expectedTopology, ...expectedModel } = expected.model;
  expect(model).toEqual(expectedModel);
  const rack = model.racks[0]?.key ?? '';
  expect(topology.upstream(rack, 'supplies').length).toBeGreaterThan(3);
  expect(topology.upstream(rack, 'supplies')).toEqual(expectedTopology.upstream(rack, 'supplies'));
});

test('brings the mistakes of a broken configuration back', async (context) => {
  const dir = await mkdtemp(join(tmpdir(), 'pantau-load-'));
  context.onTestFinished(() => rm(dir, { recursive: true }));
  await mkdir(join(dir, 'sites'));
  await writeFile(join(dir, 'pantau.yaml'), 'field: imaginary\n');
  const loaded = await loadConfigInThread(dir);
  expect(loaded.ok).toBe(false);
  expect(loaded).toEqual(loadConfig(dir));
});
