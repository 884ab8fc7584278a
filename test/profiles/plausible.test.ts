import { describe, expect, test } from 'vitest';
import { probe } from '../../collectors/probe/probe.ts';
import { systemClock } from '../../core/clock.ts';
import { serveWalk } from '../../simulator/walk/serve.ts';
import { shippedProfile } from '../support/field.ts';
import { requireShared } from '../support/shared.ts';

const access = { version: '2c', community: 'public' } as const;

/** What is implausible in a recording of a Liebert card, by its own profile. */
async function implausible(file: string) {
  const agent = await serveWalk(file);
  try {
    const address = { protocol: 'snmp', host: agent.host, port: agent.port, access } as const;
    const { rows } = await probe(
      { profile: shippedProfile('ups/liebert-gp'), address },
      { clock: systemClock },
    );
    return rows.filter(({ reason }) => reason === 'implausible');
  } finally {
    await agent.close();
  }
}

describe('a Liebert card', () => {
  test('that counts kVA and kW where others count VA and W is uncertain, and the note says by how much', async (context) => {
    const rows = await implausible(`${requireShared(context)}/walks/liebert_web485.snmprec`);
    expect(rows.map(({ part, quantity, value }) => `${part} ${quantity} ${value}`)).toEqual(
      expect.arrayContaining(['point-2 apparent-power 0.139', 'point-2 power 0.138']),
    );
    expect(rows[0]?.note).toMatch(/gives about 138: off by a factor of 1,000/);
  });
  test('that counts VA and W is good', async (context) => {
    expect(await implausible(`${requireShared(context)}/walks/liebert_weblbds.snmprec`)).toEqual([]);
  });
});
