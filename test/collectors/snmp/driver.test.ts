import { afterEach, describe, expect, test } from 'vitest';
import type { Device } from '../../../config/model.ts';
import type { Session } from '../../../collectors/drivers/driver.ts';
import type { SnmpOptions } from '../../../collectors/drivers/snmp/driver.ts';
import type { SnmpValue } from '../../../simulator/snmp/source.ts';
import { type TestAgent, byName, deviceOf, integer, openSession, testAgent, text } from './agent.ts';

const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const numbered = (count: number): { quantity: string; unit: string; oid: string }[] =>
  Array.from({ length: count }, (_, i) => ({
    quantity: `q${i}`,
    unit: 'V',
    oid: `1.3.6.1.4.1.9999.${i + 1}.0`,
  }));
const valuesOf = (count: number): Record<string, SnmpValue> =>
  Object.fromEntries(numbered(count).map(({ oid }, i) => [oid, integer(i)]));
/** What an agent that is silent to too much is asked for to see whether it lives. */
const upTime = { '1.3.6.1.2.1.1.3.0': integer(4_711) };
const never = new AbortController().signal;

async function agentWith(values: Record<string, SnmpValue>): Promise<TestAgent> {
  const agent = await testAgent(values);
  cleanups.push(() => agent.close());
  return agent;
}

function sessionOf(
  device: Device,
  options?: SnmpOptions,
): { session: Session; read: (signal?: AbortSignal) => Promise<Record<string, number | bigint | string>> } {
  const session = openSession(device, options);
  cleanups.push(() => session.close());
  const poll = session.plan(device.points);
  return { session, read: async (signal = never) => byName(await poll.read(signal)) };
}

describe('values', () => {
  test('every type comes as what it is', async () => {
    const values: Record<string, SnmpValue> = {
      '1.3.6.1.4.1.9999.1.0': integer(-4),
      '1.3.6.1.4.1.9999.2.0': { type: 'counter64', value: 18_446_744_073_709_551_615n },
      '1.3.6.1.4.1.9999.3.0': { type: 'counter64', value: 0n },
      '1.3.6.1.4.1.9999.4.0': text('20,4\0\0'),
      '1.3.6.1.4.1.9999.5.0': { type: 'octets', value: Buffer.from([0xb0, 0x43]) },
      '1.3.6.1.4.1.9999.6.0': { type: 'oid', value: '1.3.6.1.4.1.476.1.42' },
      '1.3.6.1.4.1.9999.7.0': { type: 'gauge32', value: 4_294_967_295 },
      '1.3.6.1.4.1.9999.8.0': { type: 'null' },
    };
    const agent = await agentWith(values);
    const { read } = sessionOf(deviceOf({ points: numbered(9) }, agent.port));
    expect(await read()).toEqual({
      q0: -4, q1: 18_446_744_073_709_551_615n, q2: 0n, q3: '20,4\0\0', q4: '°C', q5: '1.3.6.1.4.1.476.1.42', q6: 4_294_967_295,
      q7: '(no-value)', q8: '(no-value)',
    }); // prettier-ignore
  });
});

describe('requests', () => {
  test('are batched by thirty', async () => {
    const agent = await agentWith(valuesOf(61));
    const { read } = sessionOf(deviceOf({ points: numbered(61) }, agent.port));
    expect(Object.values(await read())).toEqual(Array.from({ length: 61 }, (_, i) => i));
    expect(agent.requests).toBe(3);
  });

  test('are halved when the agent says tooBig, and stay small', async () => {
    const agent = await agentWith(valuesOf(30));
    agent.options = { maxBytes: 300 };
    const { read } = sessionOf(deviceOf({ points: numbered(30) }, agent.port));
    expect((await read())['q29']).toBe(29);
    const first = agent.requests;
    expect((await read())['q29']).toBe(29);
    expect(agent.requests - first).toBeLessThan(first);
  });

  test('of v1 lose only the OID that is missing, and do not ask for it again', async () => {
    const values = valuesOf(20);
    delete values['1.3.6.1.4.1.9999.8.0'];
    const agent = await agentWith(values);
    const { read } = sessionOf(deviceOf({ points: numbered(20) }, agent.port, '1'));
    const all = await read();
    expect(all['q7']).toBe('(no-value)');
    expect(Object.values(all).filter((value) => typeof value === 'number')).toHaveLength(19);
    const before = agent.requests;
    expect((await read())['q7']).toBe('(no-value)');
    expect(agent.requests - before).toBe(1);
  });
});

describe('tables', () => {
  const table = { group: 'zones', entry: '1.3.6.1.4.1.9999.5.1' };

  test('with an index in the part are read by GET alone', async () => {
    const agent = await agentWith({
      '1.3.6.1.4.1.9999.5.1.2.1': integer(7),
      '1.3.6.1.4.1.9999.5.1.2.4.2': integer(8),
    });
    const points = [{ quantity: 'level', unit: 'L', column: 2 }];
    const { read } = sessionOf(
      deviceOf({ tables: [{ ...table, part: 'z{index}', parts: ['z1', 'z4-2', 'z9'], points }] }, agent.port),
    );
    expect(await read()).toEqual({ 'z1/level': 7, 'z4-2/level': 8, 'z9/level': '(no-value)' });
    expect(agent.requests).toBe(1);
  });

  test('with a key column are searched once, and again when the rows have aged', async () => {
    const agent = await agentWith({
      '1.3.6.1.4.1.9999.5.1.1.3': text('Tank A'), '1.3.6.1.4.1.9999.5.1.1.8': text('Tank B'),
      '1.3.6.1.4.1.9999.5.1.2.3': integer(30), '1.3.6.1.4.1.9999.5.1.2.8': integer(80),
    }); // prettier-ignore
    let now = 0;
    const points = [{ quantity: 'level', unit: 'L', column: 2 }];
    const device = deviceOf(
      { tables: [{ ...table, key: { column: 1 }, part: '{name}', parts: ['tank-b', 'tank-c'], points }] },
      agent.port,
    );
    const { read } = sessionOf(device, { now: () => now });
    expect(await read()).toEqual({ 'tank-b/level': 80, 'tank-c/level': '(no-value)' });
    const searched = agent.requests;
    await read();
    expect(agent.requests).toBe(searched + 1);
    agent.values = { '1.3.6.1.4.1.9999.5.1.1.5': text('Tank B'), '1.3.6.1.4.1.9999.5.1.2.5': integer(81) };
    now = 600_000;
    expect((await read())['tank-b/level']).toBe(81);
  });

  test.each(['1', '2c'] as const)('with OIDs as keys and a scale column are read by v%s', async (version) => {
    const agent = await agentWith({
      '1.3.6.1.4.1.9999.5.1.1.1': { type: 'oid', value: '1.3.6.1.4.1.9999.7.2' }, '1.3.6.1.4.1.9999.5.1.1.2': { type: 'oid', value: '1.3.6.1.4.1.9999.7.1' },
      '1.3.6.1.4.1.9999.5.1.2.1': integer(231), '1.3.6.1.4.1.9999.5.1.2.2': integer(404),
      '1.3.6.1.4.1.9999.5.1.3.1': integer(1), '1.3.6.1.4.1.9999.5.1.3.2': integer(2),
    }); // prettier-ignore
    const scaleCells = [{ column: 3, kind: 'digits' }];
    const points = [
      { quantity: 'voltage', unit: 'V', column: 2, row: '1.3.6.1.4.1.9999.7.2', scaleCells },
      { quantity: 'current', unit: 'A', column: 2, row: '1.3.6.1.4.1.9999.7.1', scaleCells },
    ];
    const device = deviceOf({ tables: [{ ...table, key: { column: 1 }, points }] }, agent.port, version);
    const session = openSession(device);
    cleanups.push(() => session.close());
    const raws = await session.plan(device.points).read(never);
    expect(raws.map(({ raw, scale }) => [raw, scale])).toEqual([[231, 0.1], [404, 0.01]]); // prettier-ignore
  });

  test('whose rows need key and part together give each phase its own', async () => {
    const line = { type: 'oid', value: '1.3.6.1.4.1.9999.7.1' } as const;
    const input = { type: 'oid', value: '1.3.6.1.4.1.9999.7.9' } as const;
    const agent = await agentWith({
      '1.3.6.1.4.1.9999.5.1.1.1.1': line, '1.3.6.1.4.1.9999.5.1.1.1.2': line, '1.3.6.1.4.1.9999.5.1.1.3.1': input,
      '1.3.6.1.4.1.9999.5.1.2.1.1': integer(230), '1.3.6.1.4.1.9999.5.1.2.1.2': integer(231), '1.3.6.1.4.1.9999.5.1.2.3.1': integer(400),
    }); // prettier-ignore
    const points = [
      { quantity: 'output-voltage', unit: 'V', column: 2, row: line.value },
      { quantity: 'input-voltage', unit: 'V', column: 2, row: input.value },
    ];
    const phases = { ...table, key: { column: 1 }, part: 'l{index.2}', parts: ['l1', 'l2'], points };
    const { read } = sessionOf(deviceOf({ tables: [phases] }, agent.port));
    expect(await read()).toEqual({
      'l1/output-voltage': 230, 'l2/output-voltage': 231, 'l1/input-voltage': 400, 'l2/input-voltage': '(no-value)',
    }); // prettier-ignore
  });
});

describe('faults', () => {
  test('a closed port is refused', async () => {
    const agent = await testAgent({});
    await agent.close();
    const { read } = sessionOf(deviceOf({ points: numbered(1) }, agent.port));
    await expect(read()).rejects.toMatchObject({ name: 'FieldError', kind: 'refused' });
  });

  test('an agent that stays silent times out, and is read again when it is back', async () => {
    const agent = await agentWith(valuesOf(3));
    const { read } = sessionOf(deviceOf({ points: numbered(3) }, agent.port));
    agent.silent = () => true;
    await expect(read()).rejects.toMatchObject({ name: 'FieldError', kind: 'timeout' });
    agent.silent = () => false;
    expect((await read())['q2']).toBe(2);
  });

  test('a request that stays unanswered is asked again in smaller ones', async () => {
    const agent = await agentWith({ ...valuesOf(61), ...upTime });
    const { read } = sessionOf(deviceOf({ points: numbered(61) }, agent.port));
    agent.silent = (request) => agent.requests === 2 && request.length > 0;
    const all = await read();
    expect([all['q0'], all['q30'], all['q60']]).toEqual([0, 30, 60]);
  });

  test('an agent that is silent to big requests is read in small ones, which is remembered', async () => {
    const agent = await agentWith({ ...valuesOf(61), ...upTime });
    const { read } = sessionOf(deviceOf({ points: numbered(61) }, agent.port), { deadlineMs: 5_000 });
    const tooBig = 250;
    agent.silent = (request) => request.length > tooBig;
    const all = await read();
    expect([all['q0'], all['q30'], all['q60']]).toEqual([0, 30, 60]);
    let unanswered = 0;
    agent.silent = (request) => {
      if (request.length <= tooBig) return false;
      unanswered += 1;
      return true;
    };
    expect((await read())['q60']).toBe(60);
    expect(unanswered).toBe(0);
  });

  test('an agent whose silence to a big request takes the whole time is read at the next reading', async () => {
    const agent = await agentWith({ ...valuesOf(61), ...upTime });
    const { read } = sessionOf(deviceOf({ points: numbered(61) }, agent.port), {
      timeoutMs: 1_000,
      retries: 1,
      deadlineMs: 2_000,
    });
    agent.silent = (request) => request.length > 250;
    await expect(read()).rejects.toMatchObject({ kind: 'timeout' });
    const all = await read();
    expect([all['q0'], all['q30'], all['q60']]).toEqual([0, 30, 60]);
    agent.silent = () => false;
    expect((await read())['q60']).toBe(60);
  });

  test('an agent that is slower than the usual timeout is given more time', async () => {
    const agent = await agentWith(valuesOf(3));
    const { read } = sessionOf(deviceOf({ points: numbered(3) }, agent.port), { timeoutMs: 200, retries: 0 });
    agent.delayMs = 300;
    await expect(read()).rejects.toMatchObject({ kind: 'timeout' });
    expect((await read())['q2']).toBe(2);
    agent.delayMs = 0;
    expect((await read())['q2']).toBe(2);
  });

  test('an aborted reading ends at once with a timeout', async () => {
    const agent = await agentWith(valuesOf(1));
    agent.silent = () => true;
    const { read } = sessionOf(deviceOf({ points: numbered(1) }, agent.port), {
      timeoutMs: 60_000,
      deadlineMs: 60_000,
    });
    const abort = new AbortController();
    const reading = read(abort.signal);
    abort.abort();
    await expect(reading).rejects.toMatchObject({ kind: 'timeout' });
  });

  test('malformed datagrams ahead of every answer harm nothing', async () => {
    const agent = await agentWith(valuesOf(2));
    agent.noise = [
      Buffer.alloc(0),
      Buffer.from('nonsense'),
      Buffer.from('3082ffff02', 'hex'),
      Buffer.from('30030201', 'hex'),
      Buffer.alloc(2_000, 0x30),
    ];
    const { read } = sessionOf(deviceOf({ points: numbered(2) }, agent.port));
    expect(await read()).toEqual({ q0: 0, q1: 1 });
    expect(await read()).toEqual({ q0: 0, q1: 1 });
  });

  test('a closed session reads no more, and closing twice is one close', async () => {
    const agent = await agentWith(valuesOf(1));
    const { session, read } = sessionOf(deviceOf({ points: numbered(1) }, agent.port));
    await read();
    session.close();
    session.close();
    await expect(read()).rejects.toMatchObject({ name: 'FieldError' });
  });

  test('a v3 user whose key is not in the environment is told at open', () => {
    const device = deviceOf({ points: numbered(1) }, 161);
    const access = {
      version: '3',
      user: 'u',
      auth: { protocol: 'sha', key: { env: 'NO_SUCH_KEY' } },
    } as const;
    const secured: Device = {
      ...device,
      address: { protocol: 'snmp', host: '127.0.0.1', port: 161, access },
    };
    expect(() => openSession(secured, { env: {} })).toThrow('environment variable NO_SUCH_KEY is not set');
  });
});
