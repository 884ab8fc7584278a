import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { adHocDevice, devicePoints, pointList } from '../../config/build/points.ts';
import { loadFile } from '../../config/read/files.ts';
import { profileSchema } from '../../config/schema/profile.ts';
import { systemClock } from '../../core/clock.ts';
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

/** Truth's class or unit → our unit, and what a value is multiplied with. */
const conversions: Readonly<Record<string, readonly [string, number]>> = {
  humidity: ['%RH', 1],
  power_factor: ['ratio', 1],
  W: ['kW', 0.001],
  min: ['s', 60],
  C: ['°C', 1],
  cfm: ['m³/h', 1.699_010_82],
  'l/m': ['L/min', 1],
};
/** States that our profiles read as "measures nothing". */
const nothingMeasured: Readonly<Record<string, string>> = { disconnect: 'disconnected' };

const cases = [
  { walk: 'generex-ups_cs141', profile: 'ups/rfc1628', right: 31, sentinels: 0 },
  { walk: 'huaweiups_ups2000', profile: 'ups/rfc1628', right: 15, sentinels: 1 },
  { walk: 'apc_smt750x-nmc2', profile: 'ups/apc-powernet', right: 13, sentinels: 0 },
  { walk: 'eatonups', profile: 'ups/eaton-xups', right: 28, sentinels: 0 },
  { walk: 'apc_ap8959eu3', profile: 'pdu/apc-rpdu2', right: 30, sentinels: 0 },
  { walk: 'raritan-pdu_px3', profile: 'pdu/raritan-pdu2', right: 184, sentinels: 0 },
  { walk: 'sentry4_switched8i', profile: 'pdu/servertech-sentry4', right: 53, sentinels: 0 },
  { walk: 'stulz_wib8000', profile: 'pac/stulz-wib', right: 212, sentinels: 0 },
  { walk: 'apc-inrow', profile: 'pac/apc-inrow-rc', right: 24, sentinels: 0 },
  { walk: 'liebert_weblbds', profile: 'pac/liebert-lgpenv', right: 30, sentinels: 0 },
  { walk: 'liebert_weblbds', profile: 'ups/rfc1628', right: 20, sentinels: 0 },
  { walk: 'liebert_weblbds', profile: 'ups/liebert-gp', right: 33, sentinels: 0 },
  { walk: 'rittal-cmc-iii-pu', profile: 'env/rittal-cmc-iii', right: 17, sentinels: 0 },
  { walk: 'apc-netbotz_netbotz750', profile: 'env/apc-netbotz', right: 6, sentinels: 0 },
  { walk: 'hwg-wld_wld2', profile: 'leak/hwg-wld', right: 5, sentinels: 0 },
  { walk: 'apc_ats', profile: 'ats/apc-rack-ats', right: 6, sentinels: 0 },
  { walk: 'apc_ats', profile: 'ats/apc-genset-ats', right: 19, sentinels: 0 },
] as const;

/** Truth rows marked ok that no profile reads, and why. */
const exceptions: Readonly<Record<string, string>> = {
  'eatonups 1.3.6.1.4.1.534.1.8.2.0.0':
    'the same test result once more, at an index that the MIB does not have',
  'hwg-wld_wld2 1.3.6.1.4.1.21796.4.5.4.1.3.1':
    'calls a disconnected cable an alarm; the detailed state is read',
};

describe('recorded walks of real devices', () => {
  test.for(cases)(
    '$walk reads right by $profile',
    async ({ walk, profile: name, right, sentinels }, context) => {
      const folder = `${requireShared(context)}/walks`;
      const rows = await readWalk(`${folder}/${walk}.snmprec`, name);
      const covered = truthOf(`${folder}/${walk}.truth.json`).filter(({ oid }) => rows.has(oid));
      const known = covered.filter((each) => each.trust === 'ok' || typeof each.truth === 'number');
      expect(known.map((each) => readAt(rows, each))).toEqual(known.map(meaning));
      expect(known).toHaveLength(right);
      const silent = covered.filter(({ trust }) => trust === 'sentinel');
      expect(silent.map(({ oid }) => rows.get(oid)?.quality)).toEqual(Array(sentinels).fill('bad'));
      expect(silent.map(({ oid }) => rows.get(oid)?.value)).toEqual(Array(sentinels).fill(null));
    },
  );

  test.for([...new Set(cases.map(({ walk }) => walk))])(
    'no row of %s that is known to be right is left out unsaid',
    async (walk, context) => {
      const folder = `${requireShared(context)}/walks`;
      const read = new Set<string>();
      for (const { profile } of cases.filter((each) => each.walk === walk))
        for (const oid of (await readWalk(`${folder}/${walk}.snmprec`, profile)).keys()) read.add(oid);
      const left = truthOf(`${folder}/${walk}.truth.json`)
        .filter(({ oid, trust }) => trust === 'ok' && !read.has(oid))
        .map(({ oid }) => `${walk} ${oid}`);
      expect(left.filter((name) => !Object.hasOwn(exceptions, name))).toEqual([]);
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
  const [unit, factor] = conversions[truth.class] ?? conversions[truth.unit] ?? [truth.unit, 1];
  const value = (truth.truth ?? truth.expected) * factor;
  const said = `${truth.oid} ${Number(value.toPrecision(12))}`;
  if (truth.class === 'state') return `${said} state`;
  // A count may be a ratio in our units (a crest factor): the truth names no unit.
  return truth.class === 'count' ? said : `${said} ${unit}`;
}

function readAt(rows: ReadonlyMap<string, ProbeRow>, { oid, class: kind }: Truth): string {
  const row = rows.get(oid);
  if (row?.value === null) return `${oid} ${row.reason}`;
  const said = `${oid} ${Number(row?.value?.toPrecision(12))}`;
  return kind === 'count' ? said : `${said} ${row?.unit}`;
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
    fileURLToPath(new URL('../../config/library/profiles', import.meta.url)),
    name,
    profileSchema,
  );
  if (value === undefined) throw new Error(`no profile ${name}`);
  return { ...value, name };
}

function truthOf(file: string): Truth[] {
  return truthSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).sensors;
}
