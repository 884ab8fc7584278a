import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openEventQueue, type EventQueue } from '../../core/event-queue.ts';
import { admitEvent, type FieldEvent } from '../../core/field-event.ts';
import { capturedLog } from '../server/support/http.ts';

let dir = '';
let queue: EventQueue;
const { log, lines } = capturedLog();
const open = (path = join(dir, 'events.db'), maxEvents?: number): EventQueue =>
  openEventQueue({ path, log, now: () => 1, ...(maxEvents === undefined ? {} : { maxEvents }) });
const event = (number: number): FieldEvent => ({
  id: `dc/door#${number}`,
  source: 'dc/door',
  at: number,
  kind: 'door-opened',
  attributes: { number, note: 'pintu “A”', none: null },
});
const ids = (events: readonly FieldEvent[]): string[] => events.map(({ id }) => id);

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pantau-events-'));
  lines.length = 0;
  queue = open();
});
afterEach(() => {
  queue.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('a queue of field events', () => {
  test('hands out the oldest first until they are removed', () => {
    queue.put([event(1), event(2)]);
    queue.put([event(3)]);
    expect(queue.oldest(2)).toEqual([event(1), event(2)]);
    expect(queue.remove(['dc/door#1', 'dc/door#2'])).toBe(true);
    expect(queue.oldest(9)).toEqual([event(3)]);
    expect(queue.state()).toMatchObject({ waiting: 1, lost: 0, problem: null });
  });

  test('keeps an event once that is put twice', () => {
    queue.put([event(1), event(1)]);
    queue.put([event(1)]);
    expect(ids(queue.oldest(9))).toEqual(['dc/door#1']);
  });

  describe('of a controller whose numbers may begin again', () => {
    const numbered = (number: number, at: number, door = 1): FieldEvent => ({
      id: `dc/door#${number}@${at}`,
      source: 'dc/door',
      at,
      kind: 'door-opened',
      attributes: { part: `door-${door}`, number },
    });

    test('keeps both events of one number', () => {
      queue.put([numbered(1, 1_000), numbered(2, 2_000)]);
      queue.put([numbered(1, 9_000)]);
      expect(ids(queue.oldest(9))).toEqual(['dc/door#1@1000', 'dc/door#2@2000', 'dc/door#1@9000']);
    });

    test('keeps the last event of a door once, though its number is repeated with the time of now, also after a restart', () => {
      queue.put([numbered(1, 1_000), numbered(2, 1_500, 2)]);
      queue.put([numbered(1, 2_000), numbered(2, 2_000, 2)]);
      queue.remove(['dc/door#1@1000', 'dc/door#2@1500']);
      queue.close();
      queue = open();
      queue.put([numbered(1, 3_000), numbered(2, 3_000, 2)]);
      expect(ids(queue.oldest(9))).toEqual([]);
      queue.put([numbered(3, 4_000)]);
      expect(ids(queue.oldest(9))).toEqual(['dc/door#3@4000']);
    });

    test('takes a repetition whose time could not be believed for one, too', () => {
      queue.put([admitEvent(numbered(1, 1_000_000), 2_000_000)]);
      queue.put([admitEvent(numbered(1, Date.UTC(2036, 1, 7)), Date.UTC(2026, 10, 25))]);
      expect(ids(queue.oldest(9))).toEqual(['dc/door#1@1000000']);
    });
  });

  test('has them all after it was opened again', () => {
    queue.put([event(1), event(2)]);
    queue.setAside(['dc/door#1'], 'unknown-device');
    queue.close();
    queue = open();
    expect(queue.oldest(9)).toEqual([event(2)]);
    expect(queue.state()).toMatchObject({ waiting: 1, refused: { events: 1, reason: 'unknown-device' } });
  });

  test('drops the oldest when it is full, counts them and says so once', () => {
    queue.close();
    queue = open(join(dir, 'small.db'), 3);
    for (let number = 1; number <= 5; number += 1) queue.put([event(number)]);
    expect(ids(queue.oldest(9))).toEqual(['dc/door#3', 'dc/door#4', 'dc/door#5']);
    expect(queue.state()).toMatchObject({ waiting: 3, lost: 2 });
    expect(lines.filter((line) => JSON.stringify(line).includes('full'))).toHaveLength(1);
  });
});

test('events that were put before a kill -9 are there afterwards', async () => {
  const path = join(dir, 'killed.db');
  const script = fileURLToPath(new URL('../support/put-events.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', script, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let last = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    last = Number(chunk.toString().trim().split('\n').at(-1));
    if (last >= 50) child.kill('SIGKILL');
  });
  await new Promise((resolve) => child.on('exit', resolve));
  const reopened = open(path);
  const found = reopened.oldest(100_000).length;
  reopened.close();
  expect(last).toBeGreaterThanOrEqual(50);
  expect(found).toBeGreaterThanOrEqual(last);
});

describe('a damaged file', () => {
  test('is set aside, and a new one begun', () => {
    const path = join(dir, 'damaged.db');
    writeFileSync(path, 'no database at all, but long enough to be taken for one '.repeat(40));
    const begun = open(path);
    begun.put([event(1)]);
    expect(begun.state()).toMatchObject({ waiting: 1, problem: null });
    begun.close();
    expect(readdirSync(dir)).toContain('damaged.db.damaged-1');
  });
});

describe('a folder that takes no file', () => {
  test('leaves the events in memory, says so, and takes them when it can', () => {
    const path = join(dir, 'absent', 'events.db');
    const stuck = open(path);
    stuck.put([event(1)]);
    stuck.put([event(2)]);
    expect(stuck.oldest(9)).toEqual([event(1), event(2)]);
    expect(stuck.state()).toMatchObject({ waiting: 2, problem: expect.stringMatching(/open/) });
    expect(stuck.remove(['dc/door#1'])).toBe(true);
    expect(ids(stuck.oldest(9))).toEqual(['dc/door#2']);
    stuck.close();
  });
});
