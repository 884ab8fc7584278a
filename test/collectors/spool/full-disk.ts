/** Keeps more than the limit on its files lets a spool hold, then delivers; prints what came of it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { createBacklog } from '../../../collectors/spool/backlog.ts';
import { openSpool } from '../../../collectors/spool/spool.ts';

const dir = process.argv[2] ?? '';
mkdirSync(dir);
const spool = openSpool({ path: join(dir, 'spool.db'), limitBytes: 1e9 });
const backlog = createBacklog({ spool, log: pino({ level: 'silent' }) });
let kept = 0;
for (let batch = 0; batch < 120; batch += 1) {
  // Values that deflate cannot make smaller.
  backlog.keep(Array.from({ length: 500 }, () => ({ point: 'drc/a', at: 1e12 + (kept += 1), value: Math.random(), quality: 0 }))); // prettier-ignore
}
const hadProblem = backlog.state().problem !== null;
const seen = new Set<number>();
let delivered = 0;
for (let batch = backlog.next(new Set()); batch !== undefined; batch = backlog.next(new Set())) {
  for (const { at } of batch.readings) seen.add(at);
  delivered += batch.readings.length;
  backlog.delivered(batch.id);
}
process.stdout.write(JSON.stringify({ kept, delivered, repeated: delivered - seen.size, hadProblem }));
process.exit();
