import { afterEach, describe, expect, test } from 'vitest';
import { profileSchema, type Profile } from '../../config/schema/profile.ts';
import { systemClock } from '../../core/clock.ts';
import { UnknownDeviceError, probe } from '../../collectors/probe/probe.ts';
import type { SnmpValue } from '../../simulator/snmp/source.ts';
import { integer, testAgent, text } from './snmp/agent.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** Claims everything by its names, and reads three values of which an agent has those below 9.1. */
const maker = profileOf('ups/maker', {
  identify: { answers: ['1.3.6.1.4.1.9999.9'], sysObjectID: ['1.3.6.1.4.1.9999'], sysDescr: ['UPS'] },
  points: [1, 2, 3].map((arc) => ({ quantity: `q${arc}`, unit: 'V', oid: `1.3.6.1.4.1.9999.9.${arc}.0` })),
});
const standard = profileOf('ups/standard', {
  identify: { answers: ['1.3.6.1.2.1.33.1'] },
  points: [1, 2].map((arc) => ({ quantity: `q${arc}`, unit: 'V', oid: `1.3.6.1.2.1.33.1.${arc}.0` })),
});
/** Its surest sign is a table that not every card fills. */
const partial = profileOf('ups/partial', {
  identify: { answers: ['1.3.6.1.4.1.8888.9'] },
  points: [7, 9].map((arc) => ({ quantity: `q${arc}`, unit: 'V', oid: `1.3.6.1.4.1.8888.${arc}.1.0` })),
});
const named: Record<string, SnmpValue> = {
  '1.3.6.1.2.1.1.1.0': text('UPS 9000'),
  '1.3.6.1.2.1.1.2.0': { type: 'oid', value: '1.3.6.1.4.1.9999.1' },
};

describe('the profile of an unknown agent', () => {
  test('is the one of which most answers, whatever the agent calls itself', async () => {
    const read = await proposedFor({
      ...named,
      '1.3.6.1.4.1.9999.9.1.0': integer(1),
      '1.3.6.1.2.1.33.1.1.0': integer(1),
      '1.3.6.1.2.1.33.1.2.0': integer(2),
    });
    expect(read).toEqual(['ups/standard 2', 'ups/maker 1']);
  });

  test('is the one that its names fit, of two that read as much', async () => {
    const read = await proposedFor({
      ...named,
      '1.3.6.1.4.1.9999.9.1.0': integer(1),
      '1.3.6.1.2.1.33.1.1.0': integer(1),
    });
    expect(read).toEqual(['ups/maker 1', 'ups/standard 1']);
  });

  test('is one of its maker by any value of it, where none of the surest signs answers', async () => {
    const read = await proposedFor({
      '1.3.6.1.2.1.1.1.0': text('Web card'),
      '1.3.6.1.4.1.8888.7.1.0': integer(1),
    });
    expect(read).toEqual(['ups/partial 1']);
  });

  test('is none where names fit and nothing answers', async () => {
    await expect(proposedFor(named)).rejects.toThrow(UnknownDeviceError);
  });
});

async function proposedFor(values: Record<string, SnmpValue>): Promise<string[]> {
  const agent = await testAgent(values);
  cleanups.push(() => agent.close());
  const access = { version: '2c', community: 'public' } as const;
  const address = { protocol: 'snmp', host: '127.0.0.1', port: agent.port, access } as const;
  const { proposals } = await probe(
    { candidates: [maker, standard, partial], address },
    { clock: systemClock },
  );
  return proposals.map(({ profile, reads }) => `${profile.name} ${reads}`);
}

function profileOf(name: string, more: object): Profile {
  const head = { protocol: 'snmp', kind: 'ups', maker: 'test', model: 'test', source: 'test' };
  return { ...profileSchema.parse({ ...head, ...more }), name };
}
