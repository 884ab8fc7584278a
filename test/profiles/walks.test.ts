import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { adHocDevice, devicePoints, pointList } from '../../config/build/points.ts';
import { loadFile } from '../../config/read/files.ts';
import { profileSchema } from '../../config/schema/profile.ts';
import { systemClock } from '../../collectors/clock.ts';
import { probe } from '../../collectors/probe/probe.ts';
import type { ProbeRow } from '../../collectors/probe/row.ts';
import { serveWalk } from '../../simulator/walk/serve.ts';
import { requireShared } from '../support/shared.ts';

const truthSchema = z.object({
  sensors: z.array(
    z.object({
      oid: z.string(),
      expected: z.number(),
      /** What the device meant, where the recorder was wrong. */
      truth: z.number().nullish(),
      unit: z.string(),
      class: z.string(),
      trust: z.string(),
      expected_state: z.string().optional(),
    }),
  ),
});
type Truth = z.infer<typeof truthSchema>['sensors'][number];

/** Truth's unit → ours, and what a value is multiplied with. */
const conversions: Readonly<Record<string, readonly [string, number]>> = {
  W: ['kW', 0.001],
  min: ['s', 60],
  C: ['°C', 1],
};
/** States that our profiles read as "measures nothing". */
const nothingMeasured: Readonly<Record<string, string>> = { disconnect: 'disconnected' };

const cases = [
  { walk: 'generex-ups_cs141', profile: 'ups/rfc1628', right: 31, sentinels: 0 },
  { walk: 'huaweiups_ups2000', profile: 'ups/rfc1628', right: 15, sentinels: 1 },
  { walk: 'apc_ap8959eu3', profile: 'pdu/apc-rpdu2', right: 30, sentinels: 0 },
  { walk: 'liebert_weblbds', profile: 'pac/liebert-lgpenv', right: 24, sentinels: 0 },
  { walk: 'liebert_weblbds', profile: 'ups/rfc1628', right: 20, sentinels: 0 },
  { walk: 'hwg-wld_wld2', profile: 'leak/hwg-wld', right: 4, sentinels: 0 },
] as const;

describe('recorded walks of real devices', () => {
  test.for(cases)(
    '$walk reads right by $profile',
    async ({ walk, profile: name, right, sentinels }, context) => {
      const folder = `${requireShared(context)}/walks`;
      const rows = await readWalk(`${folder}/${walk}.snmprec`, name);
      let correct = 0;
      let silent = 0;
      for (const truth of truthOf(`${folder}/${walk}.truth.json`)) {
        const row = rows.get(truth.oid);
        if (row === undefined) continue;
        if (truth.trust === 'ok' || typeof truth.truth === 'number') {
          expectTruth(row, truth);
          correct += 1;
        } else if (truth.trust === 'sentinel') {
          expect(row, `sentinel of ${row.quantity}`).toMatchObject({ quality: 'bad', value: null });
          silent += 1;
        }
      }
      expect(correct).toBe(right);
      expect(silent).toBe(sentinels);
    },
  );

  test('a maker who answers kW for W reads right when the device entry overrides the scale', async (context) => {
    const folder = `${requireShared(context)}/walks`;
    const agent = await serveWalk(`${folder}/huaweiups_ups2000.snmprec`);
    try {
      const address = {
        protocol: 'snmp',
        host: agent.host,
        port: agent.port,
        access: { version: '1', community: 'public' },
      } as const;
      const parts = { input: ['l1'], output: ['l1'] };
      const entry = { parts, override: { 'l1/output-power': { scale: 1 } } };
      const second = 1_000;
      const device = devicePoints(pointList(), adHocDevice(profileNamed('ups/rfc1628'), address), {
        entry,
        claims: [],
        intervalsMs: { safety: second, power: second, normal: second, slow: second },
      });
      const { rows } = await probe({ device }, { clock: systemClock });
      expect(rows.find((row) => row.quantity === 'output-power')).toMatchObject({
        part: 'l1',
        value: 1,
        unit: 'kW',
        quality: 'good',
      });
      expect(rows.find((row) => row.quantity === 'output-voltage')).toMatchObject({
        part: 'l1',
        value: 230,
        unit: 'V',
      });
    } finally {
      await agent.close();
    }
  });
});

function expectTruth(row: ProbeRow, truth: Truth): void {
  const nothing = nothingMeasured[truth.expected_state ?? ''];
  if (nothing !== undefined) {
    expect(row).toMatchObject({ quality: 'bad', reason: nothing });
    return;
  }
  const [unit, factor] = conversions[truth.unit] ?? [truth.unit, 1];
  expect(row, `${row.quantity} at ${row.source}`).toMatchObject({ quality: 'good' });
  expect(row.value).toBeCloseTo((truth.truth ?? truth.expected) * factor, 9);
  if (truth.class === 'state') expect(row.unit).toBe('state');
  else expect(row.unit.replace('RH', '')).toBe(unit);
}

async function readWalk(file: string, name: string): Promise<ReadonlyMap<string, ProbeRow>> {
  const agent = await serveWalk(file);
  try {
    const address = {
      protocol: 'snmp',
      host: agent.host,
      port: agent.port,
      access: { version: '2c', community: 'public' },
    } as const;
    const { rows } = await probe({ profile: profileNamed(name), address }, { clock: systemClock });
    return new Map(rows.map((row) => [row.source, row]));
  } finally {
    await agent.close();
  }
}

function profileNamed(name: string) {
  const { value } = loadFile(
    fileURLToPath(new URL('../../config/profiles', import.meta.url)),
    name,
    profileSchema,
  );
  if (value === undefined) throw new Error(`no profile ${name}`);
  return { ...value, name };
}

function truthOf(file: string): Truth[] {
  return truthSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).sensors;
}
