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
  humidity: ['%RH', 1],
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
      const covered = truthOf(`${folder}/${walk}.truth.json`).filter(({ oid }) => rows.has(oid));
      const known = covered.filter((each) => each.trust === 'ok' || typeof each.truth === 'number');
      expect(known.map(({ oid }) => readAt(rows, oid))).toEqual(known.map(meaning));
      expect(known).toHaveLength(right);
      const silent = covered.filter(({ trust }) => trust === 'sentinel');
      expect(silent.map(({ oid }) => rows.get(oid)?.quality)).toEqual(Array(sentinels).fill('bad'));
      expect(silent.map(({ oid }) => rows.get(oid)?.value)).toEqual(Array(sentinels).fill(null));
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

/** "1.3.6.1 233 V": what a truth row means in our units. */
function meaning(truth: Truth): string {
  const nothing = nothingMeasured[truth.expected_state ?? ''];
  if (nothing !== undefined) return `${truth.oid} ${nothing}`;
  const [unit, factor] = conversions[truth.class === 'humidity' ? 'humidity' : truth.unit] ?? [truth.unit, 1];
  const value = (truth.truth ?? truth.expected) * factor;
  return `${truth.oid} ${Number(value.toPrecision(12))} ${truth.class === 'state' ? 'state' : unit}`;
}

function readAt(rows: ReadonlyMap<string, ProbeRow>, oid: string): string {
  const row = rows.get(oid);
  if (row?.value === null) return `${oid} ${row.reason}`;
  return `${oid} ${Number(row?.value?.toPrecision(12))} ${row?.unit}`;
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
