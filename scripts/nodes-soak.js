// `npm run soak:nodes`: every unit test on the other versions of Node, of which `npm run test:all` has time for a part.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { nodeBinary, otherNodes } from './other-nodes.js';

const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
for (const version of otherNodes) {
  const node = nodeBinary(version);
  if (node === undefined) continue;
  process.stdout.write(`Node ${version}\n`);
  const { status } = spawnSync(node, [vitest, 'run', '--project', 'unit', '--project', 'once'], {
    stdio: 'inherit',
    env: { ...process.env, PANTAU_TEST_DATABASES: 'sqlite' },
  });
  if (status !== 0) process.exitCode = status ?? 1;
}
