/** Puts one small batch after the other into a spool and says each on stdout when it is kept, until it is killed. */
import { join } from 'node:path';
import { openBatchFile } from '../../../core/buffer/file.ts';

const dir = process.argv[2] ?? '';
const spool = openBatchFile({ path: join(dir, 'spool.db'), limitBytes: 1e9 });
for (let value = 0; ; value += 1) {
  const at = Date.now();
  spool.put([
    { point: 'drc/a', at, value, quality: 0 },
    { point: `drc/new-${value}`, at, value, quality: 0 },
  ]);
  process.stdout.write(`${value}\n`);
  await new Promise((resolve) => setImmediate(resolve));
}
