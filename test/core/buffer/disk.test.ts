import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NamedReading } from '../../../core/reading.ts';
import type { Buffer as ReadingBuffer } from '../../../core/buffer.ts';
import { createDiskBuffer, openDiskBuffer } from '../../../core/buffer/disk.ts';
import { openBatchFile, type BatchFile } from '../../../core/buffer/file.ts';
import { silentLog } from '../../support/field.ts';
import { capturedLog } from '../../server/support/http.ts';

let dir = '';
let full = false;
let buffer: ReadingBuffer;
let lines: string[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pantau-buffer-'));
  full = false;
  const { log, lines: said } = capturedLog();
  lines = said;
  buffer = createDiskBuffer({
    file: failing(openBatchFile({ path: join(dir, 'spool.db'), limitBytes: 1e9 })),
    log,
  });
});
afterEach(() => {
  full = false;
  buffer.close();
  rmSync(dir, { recursive: true, force: true });
});

/** A real spool on a disk that is full whenever the test reports it. */
function failing(spool: BatchFile): BatchFile {
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
  for (let batch = buffer.next(); batch !== undefined; batch = buffer.next()) {
    values.push(...batch.readings.map(({ value }) => value));
    buffer.accept(batch.id);
  }
  return values;
}

it('holds readings in memory while the disk takes nothing, delivers from there, and says so once', () => {
  buffer.put(readings(3));
  full = true;
  buffer.put(readings(4));
  buffer.put(readings(5));
  expect(buffer.state()).toMatchObject({
    readings: 12,
    problem: 'database or disk is full',
    lost: { readings: 0 },
  });
  expect(drain()).toHaveLength(12);
  expect(lines.filter((line) => line.includes('the disk takes nothing'))).toHaveLength(1);
});

it('gives to the disk what it held as soon as the disk takes it', () => {
  full = true;
  buffer.put(readings(4), { name: { run: 'abcdefgh', sequence: 3 } });
  full = false;
  buffer.tick();
  expect(buffer.state().problem).toBeNull();
  const batch = buffer.next();
  expect(batch).toMatchObject({ name: { run: 'abcdefgh', sequence: 3 } });
  expect(batch?.id).toBeGreaterThan(0);
});

it('does not deliver again what a full disk cannot let go of', () => {
  const id = buffer.put(readings(3));
  full = true;
  buffer.accept(id);
  expect(buffer.next()).toBeUndefined();
  full = false;
  buffer.tick();
  expect(buffer.state().readings).toBe(0);
});

it('drops the oldest of what it holds when that is too much, counted for good', () => {
  full = true;
  for (let batch = 0; batch < 25; batch += 1) buffer.put(readings(10_000));
  const { readings: kept, lost } = buffer.state();
  expect(kept).toBe(200_000);
  expect(lost.readings).toBe(50_000);
  full = false;
  buffer.tick();
  expect(buffer.state()).toMatchObject({ readings: 200_000, lost: { readings: 50_000 } });
});

it('says at its end what the disk never took', () => {
  full = true;
  buffer.put(readings(7));
  buffer.close();
  expect(lines.filter((line) => line.includes('"lost":7'))).toHaveLength(1);
  full = false;
  buffer = createDiskBuffer({
    file: openBatchFile({ path: join(dir, 'spool.db'), limitBytes: 1e9 }),
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

describe('the file of a buffer', () => {
  const at = () => ({ path: join(dir, 'own.db'), limitBytes: 1e9, log: silentLog, now: () => 5 });

  it('is replaced when a page turns out to be damaged while it is in use, and what comes next is kept', () => {
    const own = openDiskBuffer(at());
    for (let batch = 0; batch < 40; batch += 1) own.put(readings(9_000));
    own.close();
    const content = readFileSync(at().path);
    const again = openDiskBuffer({ ...at(), file: openBatchFile(at()) });
    // Behind the back of the running process, whose cache knows only the first pages.
    writeFileSync(
      at().path,
      Buffer.concat([content.subarray(0, 4_096 * 3), Buffer.alloc(content.length, 0x5a)]),
    );
    for (let batch = again.next(); batch !== undefined; batch = again.next()) again.accept(batch.id);
    again.put(readings(5));
    again.tick();
    expect(again.state()).toMatchObject({ readings: 5, problem: null });
    again.close();
  });

  it('is made again when somebody deletes it while it is in use, with all that waited', () => {
    const own = openDiskBuffer(at());
    own.put(readings(30));
    rmSync(at().path);
    own.tick();
    own.put(readings(12));
    own.close();
    const after = openDiskBuffer(at());
    expect(after.state()).toMatchObject({ readings: 42, lost: { readings: 0 } });
    after.close();
  });

  it('is tried again while it cannot be opened; what comes meanwhile waits in memory', () => {
    const holder = openBatchFile(at());
    const own = openDiskBuffer(at());
    own.put(readings(8));
    expect(own.state()).toMatchObject({ readings: 8, problem: expect.stringMatching(/locked/) });
    holder.close();
    own.tick();
    expect(own.state()).toMatchObject({ readings: 8, problem: null });
    own.close();
    const after = openDiskBuffer(at());
    expect(after.state().readings).toBe(8);
    after.close();
  });

  it('gives no id to two batches when it was replaced', () => {
    const own = openDiskBuffer(at());
    const old = own.put(readings(3), { taken: true });
    rmSync(at().path);
    own.tick();
    const young = own.put(readings(3));
    expect(young).toBeGreaterThan(old);
    own.accept(old);
    expect(own.state().readings).toBeGreaterThanOrEqual(3);
    own.close();
  });
});
