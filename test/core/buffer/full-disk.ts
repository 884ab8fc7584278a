/** Keeps more than the limit on its files lets a spool hold, then delivers; prints what came of it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { createDiskBuffer } from '../../../core/buffer/disk.ts';
import { openBatchFile } from '../../../core/buffer/file.ts';

const dir = process.argv[2] ?? '';
mkdirSync(dir);
const spool = openBatchFile({ path: join(dir, 'spool.db'), limitBytes: 1e9 });
const backlog = createDiskBuffer({ file: spool, log: pino({ level: 'silent' }) });
let kept = 0;
for (let batch = 0; batch < 120; batch += 1) {
  // Values that deflate cannot make smaller.
  backlog.put(Array.from({ length: 500 }, () => ({ point: 'drc/a', at: 1e12 + (kept += 1), value: Math.random(), quality: 0 }))); // prettier-ignore
}
const hadProblem = backlog.state().problem !== null;
const seen = new Set<number>();
let delivered = 0;
for (let batch = backlog.next(); batch !== undefined; batch = backlog.next()) {
  for (const { at } of batch.readings) seen.add(at);
  delivered += batch.readings.length;
  backlog.accept(batch.id);
}
process.stdout.write(JSON.stringify({ kept, delivered, repeated: delivered - seen.size, hadProblem }));
process.exit();
