import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NamedReading } from '../../../core/reading.ts';
import { type BatchFile, openBatchFile, openOrReplaceFile } from '../../../core/buffer/file.ts';
import { BufferLockedError } from '../../../core/buffer/schema.ts';
import { capturedLog } from '../../server/support/http.ts';

const writer = fileURLToPath(new URL('writer.ts', import.meta.url));
const start = Date.parse('2026-11-24T00:00:00Z');
const none: ReadonlySet<number> = new Set();
const roomy = 1e9;
let dir = '';
let open: BatchFile[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pantau-spool-'));
  open = [];
});
afterEach(() => {
  for (const spool of open) spool.close();
  rmSync(dir, { recursive: true, force: true });
});

function spoolOf(limitBytes = roomy): BatchFile {
  const spool = openBatchFile({ path: join(dir, 'spool.db'), limitBytes });
  open.push(spool);
  return spool;
}

function closed(spool: BatchFile): void {
  spool.close();
  open = open.filter((each) => each !== spool);
}

function readings(count: number, from = 0): NamedReading[] {
  return Array.from({ length: count }, (_, index) => ({
    point: `drc/env-${index % 10}/temperature`, at: start + (from + index) * 1_000, value: Math.random() * 1e6, quality: 0,
  })); // prettier-ignore
}

function drain(spool: BatchFile): NamedReading[] {
  const all: NamedReading[] = [];
  for (let batch = spool.next(none); batch !== undefined; batch = spool.next(none)) {
    all.push(...batch.readings);
    spool.remove(batch.id);
  }
  return all;
}

const byTime = (list: readonly NamedReading[]): NamedReading[] => list.toSorted((a, b) => a.at - b.at);

describe('a spool', () => {
  it('gives everything back in the order of time, small batches joined, also after it was opened again', () => {
    const spool = spoolOf();
    const all = Array.from({ length: 150 }, (_, batch) => readings(7, batch * 7));
    for (const batch of all) spool.put(batch);
    closed(spool);
    const again = spoolOf();
    expect(again.interrupted).toBe(false);
    expect(again.state()).toMatchObject({ readings: 1_050, oldestAt: start });
    const first = again.next(none);
    expect(first?.readings).toHaveLength(60 * 7);
    expect(byTime(drain(again))).toEqual(all.flat());
    expect(again.state()).toMatchObject({ readings: 0, oldestAt: null, lost: { readings: 0 } });
  });

  it('keeps the name of a batch that was sent, and never joins it', () => {
    const spool = spoolOf();
    const name = { run: 'abcdefgh', sequence: 7 };
    const id = spool.put(readings(5));
    spool.put(readings(5, 5));
    spool.put(readings(5, 10), { run: 'abcdefgh', sequence: 8 });
    spool.name(id, name);
    closed(spool);
    const again = spoolOf();
    expect(again.next(none)).toMatchObject({ id, name });
    expect(again.next(new Set([id]))?.name).toBeUndefined();
    expect(again.next(new Set([id, id + 1]))?.name).toEqual({ run: 'abcdefgh', sequence: 8 });
  });

  it('sets aside what was refused, counted, and goes on with the rest', () => {
    const spool = spoolOf();
    const id = spool.put(readings(5));
    spool.put(readings(3, 5));
    spool.setAside(id, '422 wrong');
    expect(spool.state()).toMatchObject({ readings: 3, refused: { readings: 5, reason: '422 wrong' } });
    expect(drain(spool)).toHaveLength(3);
    closed(spool);
    expect(spoolOf().state().refused).toEqual({ readings: 5, reason: '422 wrong' });
  });

  it('halves a batch without losing a reading', () => {
    const spool = spoolOf();
    const all = readings(11);
    spool.split(spool.put(all));
    expect(spool.next(none)?.readings.length).toBeLessThan(11);
    expect(byTime(drain(spool))).toEqual(all);
  });

  it('drops the oldest when it is full, and says how many of which span', () => {
    const limit = 1_000_000;
    const spool = spoolOf(limit);
    const batches = 400;
    for (let batch = 0; batch < batches; batch += 1) spool.put(readings(500, batch * 500));
    const { readings: kept, bytes, lost, oldestAt } = spool.state();
    expect(bytes).toBeLessThanOrEqual(limit);
    expect(lost.readings).toBeGreaterThan(0);
    expect(kept + lost.readings).toBe(batches * 500);
    expect(lost).toMatchObject({ from: start, to: start + (lost.readings - 1) * 1_000 });
    expect(oldestAt).toBe(start + lost.readings * 1_000);
    closed(spool);
    expect(spoolOf(limit).state().lost).toEqual(lost);
  });

  it('belongs to one process: another is told', () => {
    spoolOf();
    expect(() => openBatchFile({ path: join(dir, 'spool.db'), limitBytes: roomy })).toThrow(
      BufferLockedError,
    );
    const other = spawnSync(process.execPath, ['--import', 'tsx', writer, dir], { encoding: 'utf8' });
    expect(other.stderr).toContain('BufferLockedError');
  });
});

describe('when the process is killed', () => {
  it('everything that was put is there, whenever it happens', async () => {
    for (let round = 0; round < 4; round += 1) {
      const child = spawn(process.execPath, ['--import', 'tsx', writer, dir], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      child.stdout.on('data', (data: Buffer) => (output += data.toString()));
      await once(child.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, 50 + round * 37));
      child.kill('SIGKILL');
      await once(child, 'exit');
      const acknowledged = output.split('\n').filter((line) => line !== '').map(Number); // prettier-ignore
      const spool = spoolOf();
      expect(spool.interrupted).toBe(true);
      const found = new Set(drain(spool).map(({ value }) => value));
      expect(acknowledged.length).toBeGreaterThan(0);
      expect(acknowledged.filter((value) => !found.has(value))).toEqual([]);
      expect(spool.state().lost.readings).toBe(0);
      closed(spool);
    }
  });

  it('a torn end of the log is cut, and what was before it stays', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', writer, dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    while (output.split('\n').length < 20) await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const files = ['spool.db', 'spool.db-wal'].map((name) => ({
      name,
      content: readFileSync(join(dir, name)),
    }));
    const found = [1, 100, 4_000, 20_000].map((cut) => {
      for (const { name, content } of files) writeFileSync(join(dir, name), content);
      const wal = join(dir, 'spool.db-wal');
      truncateSync(wal, statSync(wal).size - cut);
      appendFileSync(wal, Buffer.alloc(17, 0xa5));
      const spool = spoolOf();
      expect(spool.interrupted).toBe(true);
      const values = drain(spool)
        .filter(({ point }) => point === 'drc/a')
        .map(({ value }) => value);
      closed(spool);
      expect(values).toEqual(values.map((_, index) => index));
      return values.length;
    });
    expect(found.every((count) => count > 0)).toBe(true);
    expect(found.toSorted((a, b) => b - a)).toEqual(found);
  });
});

describe('a damaged spool', () => {
  it('is put aside, spoken, and a new one begun', () => {
    const spool = spoolOf();
    spool.put(readings(500));
    closed(spool);
    writeFileSync(join(dir, 'spool.db'), Buffer.alloc(8_192, 0x5a));
    const { log, lines } = capturedLog();
    const fresh = openOrReplaceFile({
      path: join(dir, 'spool.db'),
      limitBytes: roomy,
      log,
      now: () => start,
    });
    open.push(fresh);
    expect(fresh.state().readings).toBe(0);
    expect(lines.join('')).toContain('damaged');
    expect(readdirSync(dir)).toContain(`spool.db.damaged-${start}`);
  });
});
