import { afterEach, describe, expect, test } from 'vitest';
import { onSilence } from '../../core/silence.ts';
import { modbusBench, threeRegisters, threeValues } from '../support/modbus-device.ts';
import { fromRegisters } from '../support/modbus-server.ts';
import { byName, deviceOf, integer, openSession, testAgent } from './snmp/agent.ts';

/** Keeps the whole process from running, so that timers fire late. */
function standStill(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
const { serve, open } = modbusBench({ timeoutMs: 200 });

describe('an answer that comes while the collector stands still', () => {
  test('over Modbus is heard, though its time is over', async () => {
    const server = await serve((request) => {
      standStill(400);
      return fromRegisters(request, threeRegisters);
    });
    expect(await open(server.port).read()).toEqual(threeValues);
  });

  test('over SNMP is heard, though its time is over', async () => {
    const agent = await testAgent({ '1.3.6.1.4.1.9999.1.0': integer(230) });
    cleanups.push(() => agent.close());
    agent.tap = (reply) => {
      standStill(400);
      return reply;
    };
    const device = deviceOf(
      { points: [{ quantity: 'voltage', unit: 'V', oid: '1.3.6.1.4.1.9999.1.0' }] },
      agent.port,
    );
    const session = openSession(device, { timeoutMs: 200, retries: 0 });
    cleanups.push(() => session.close());
    const poll = session.plan(device.points);
    expect(byName(await poll.read(new AbortController().signal))).toEqual({ voltage: 230 });
  });
});

describe('the wait for an answer', () => {
  /** Timers that fire so late, one after the other. */
  function waitWith(latenesses: readonly number[], ms: number): number[] {
    let now = 0;
    const waits: number[] = [];
    const late = [...latenesses];
    onSilence(
      {
        monotonic: () => now,
        after(delayMs, wake) {
          waits.push(delayMs);
          queueMicrotask(() => {
            now += delayMs + (late.shift() ?? 0);
            wake();
          });
          return () => undefined;
        },
      },
      ms,
      () => waits.push(-1),
    );
    return waits;
  }

  test.each([
    { late: [], waited: [1_000, -1] },
    { late: [15], waited: [1_000, -1] },
    { late: [300], waited: [1_000, 300, -1] },
    { late: [30_000, 500], waited: [1_000, 1_000, -1] },
  ])('is longer once by what the timer was late, $late ms', async ({ late, waited }) => {
    const waits = waitWith(late, 1_000);
    await Promise.resolve().then(() => Promise.resolve());
    expect(waits).toEqual(waited);
  });
});
