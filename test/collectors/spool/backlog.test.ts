import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { NamedReading } from '../../../core/reading.ts';
import { createBacklog, type Backlog } from '../../../collectors/spool/backlog.ts';
import { openSpool, type Spool } from '../../../collectors/spool/spool.ts';
import { silentLog } from '../../support/field.ts';
import { capturedLog } from '../../server/support/http.ts';

const none: ReadonlySet<number> = new Set();
let dir = '';
let full = false;
let backlog: Backlog;
let lines: string[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pantau-backlog-'));
  full = false;
  const { log, lines: said } = capturedLog();
  lines = said;
  backlog = createBacklog({
    spool: failing(openSpool({ path: join(dir, 'spool.db'), limitBytes: 1e9 })),
    log,
  });
});
afterEach(() => {
  full = false;
  backlog.close();
  rmSync(dir, { recursive: true, force: true });
});

/** A real spool on a disk that is full whenever the test says so. */
function failing(spool: Spool): Spool {
  const guarded = <Result>(work: () => Result): Result => {
    if (full) throw new Error('database or disk is full');
    return work();
  };
  return {
    ...spool,
    put: (more, name) => guarded(() => spool.put(more, name)),
    name: (id, name) => guarded(() => spool.name(id, name)),
    remove: (id) => guarded(() => spool.remove(id)),
    setAside: (id, reason) => guarded(() => spool.setAside(id, reason)),
    split: (id) => guarded(() => spool.split(id)),
    countLost: (lost) => guarded(() => spool.countLost(lost)),
  };
}

let counter = 0;
function readings(count: number): NamedReading[] {
  return Array.from({ length: count }, () => {
    counter += 1;
    return { point: 'drc/a', at: 1e12 + counter, value: counter, quality: 0 };
  });
}

function drain(): number[] {
  const values: number[] = [];
  for (let batch = backlog.next(none); batch !== undefined; batch = backlog.next(none)) {
    values.push(...batch.readings.map(({ value }) => value));
    backlog.delivered(batch.id);
  }
  return values;
}

it('holds readings in memory while the disk takes nothing, delivers from there, and says so once', () => {
  backlog.keep(readings(3));
  full = true;
  backlog.keep(readings(4));
  backlog.keep(readings(5));
  expect(backlog.state()).toMatchObject({
    readings: 12,
    problem: 'database or disk is full',
    lost: { readings: 0 },
  });
  expect(drain()).toHaveLength(12);
  expect(lines.filter((line) => line.includes('the disk takes nothing'))).toHaveLength(1);
});

it('gives to the disk what it held as soon as the disk takes it', () => {
  full = true;
  backlog.keep(readings(4), { run: 'abcdefgh', sequence: 3 });
  full = false;
  backlog.tick();
  expect(backlog.state().problem).toBeNull();
  const batch = backlog.next(none);
  expect(batch).toMatchObject({ name: { run: 'abcdefgh', sequence: 3 } });
  expect(batch?.id).toBeGreaterThan(0);
});

it('does not deliver again what a full disk cannot let go of', () => {
  const id = backlog.keep(readings(3));
  full = true;
  backlog.delivered(id);
  expect(backlog.next(none)).toBeUndefined();
  full = false;
  backlog.tick();
  expect(backlog.state().readings).toBe(0);
});

it('drops the oldest of what it holds when that is too much, counted for good', () => {
  full = true;
  for (let batch = 0; batch < 25; batch += 1) backlog.keep(readings(10_000));
  const { readings: kept, lost } = backlog.state();
  expect(kept).toBe(200_000);
  expect(lost.readings).toBe(50_000);
  full = false;
  backlog.tick();
  expect(backlog.state()).toMatchObject({ readings: 200_000, lost: { readings: 50_000 } });
});

it('says at its end what the disk never took', () => {
  full = true;
  backlog.keep(readings(7));
  backlog.close();
  expect(lines.filter((line) => line.includes('"lost":7'))).toHaveLength(1);
  full = false;
  backlog = createBacklog({
    spool: openSpool({ path: join(dir, 'spool.db'), limitBytes: 1e9 }),
    log: silentLog,
  });
});

it('goes on in memory when the file may grow no more, and loses nothing that was kept', async () => {
  const script = fileURLToPath(new URL('full-disk.ts', import.meta.url));
  // Blocks of 512 or 1,024 bytes: less than a megabyte in any case.
  const child = spawn(
    'bash',
    ['-c', `ulimit -f 800; exec "${process.execPath}" --import tsx "${script}" "${dir}/small"`],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  child.stdout.on('data', (data: Buffer) => (output += data.toString()));
  await once(child, 'exit');
  expect(JSON.parse(output)).toEqual({ kept: 60_000, delivered: 60_000, repeated: 0, hadProblem: true });
});
