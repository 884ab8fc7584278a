import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { plannedReads, type PlannedRead } from '../../config/build/reads.ts';
import { decodeRaw } from '../../collectors/profile/decode.ts';
import { good } from '../../core/reading.ts';
import { shippedProfile } from '../support/field.ts';
import { requireShared } from '../support/shared.ts';

/** Register maps gathered from public sources, against the profiles: the same addresses, types, word orders, scales and states. */

const registerSchema = z.object({
  addr: z.int(),
  type: z.string(),
  div: z.number().nullable(),
  unit: z.string(),
  name: z.string(),
  enum: z.record(z.string(), z.string()).optional(),
  bits: z.array(z.string()).optional(),
  invalid: z.array(z.number()).optional(),
});
type Register = z.infer<typeof registerSchema>;
const mapSchema = z.object({
  fc: z.union([z.number(), z.string()]),
  order: z.string(),
  registers: z.array(registerSchema),
});

interface Case {
  readonly file: string;
  readonly profile: string;
  /** Address → why the profile leaves it out. */
  readonly leftOut?: Readonly<Record<number, string>>;
  /** Address → value of one raw unit in ours, where the map does not say. */
  readonly unitOf?: Readonly<Record<number, number>>;
}
const identity = 'says who the device is, measures nothing';
const watt = 0.001;

const cases: readonly Case[] = [
  {
    file: 'dse_gencomm',
    profile: 'genset/dse-gencomm',
    leftOut: {
      768: identity,
      769: identity,
      770: identity,
      2048: 'how many alarms follow',
      39_425: 'the names of page 154 differ by family and are not public',
    },
  },
  { file: 'comap_intelilite4', profile: 'genset/comap-intelilite4' },
  { file: 'comap_igs_nt', profile: 'genset/comap-igs-nt' },
  { file: 'deif_agc150', profile: 'genset/deif-agc150' },
  { file: 'cre_gensys', profile: 'genset/cre-gensys', unitOf: { 369: 0.1 } },
  { file: 'datakom', profile: 'genset/datakom' },
  { file: 'victron_genset_tcp', profile: 'genset/victron-genset' },
  {
    file: 'schneider_pm5100',
    profile: 'meter/schneider-pm5100',
    leftOut: { 89: identity, 129: identity },
  },
  {
    file: 'eastron_sdm630',
    profile: 'meter/eastron-sdm630',
    unitOf: { 12: watt, 14: watt, 16: watt, 52: watt, 56: watt, 60: watt },
  },
  { file: 'schneider_iem3000', profile: 'meter/schneider-iem3000' },
  { file: 'carlo_gavazzi_em24_eth', profile: 'meter/carlo-gavazzi-em24' },
  { file: 'apc_inrow_sc', profile: 'pac/apc-inrow-sc-modbus' },
  { file: 'apc_inrow_rc_gen2', profile: 'pac/apc-inrow-rc-modbus' },
  { file: 'liebert_crv_icom4', profile: 'pac/liebert-crv-modbus', leftOut: { 458: identity } },
  { file: 'liebert_icom_ds_cw', profile: 'pac/liebert-icom-modbus', leftOut: { 256: identity } },
  { file: 'uniflair_le', profile: 'pac/uniflair-le' },
  { file: 'stulz_c7000', profile: 'pac/stulz-c7000-modbus' },
  { file: 'symmetra_px', profile: 'ups/apc-symmetra-px-modbus' },
  { file: 'liebert_aps_ups', profile: 'ups/liebert-aps-modbus', leftOut: { 384: identity } },
  { file: 'tripplite_modbuscard', profile: 'ups/tripplite-modbuscard' },
  { file: 'liebert_sts', profile: 'ats/liebert-sts-modbus' },
  {
    file: 'faast_aspirating_smoke',
    profile: 'vesda/faast-modbus',
    leftOut: { 0: "the detector's clock" },
  },
  { file: 'vesda_sensepoint_xcl', profile: 'vesda/sensepoint-xcl' },
];

/** The maps' units → how many of ours. */
const factors: Readonly<Record<string, number>> = {
  W: watt, var: watt, VA: watt, kW: 1, kVA: 1, kWh: 1, V: 1, A: 1, Hz: 1, C: 1, '%': 1, '%RH': 1, kPa: 1, bar: 100, 'bar->kPa': 100,
  rpm: 1, s: 1, min: 60, h: 3_600, 'l/min': 1, '%/m or %/ft': 1, '': 1,
}; // prettier-ignore
const types: Readonly<Record<string, string>> = { u8: 'u8-low', s8: 'u8-low', nib4: 'u16' };
/** Bits that the map calls so whether they stand in a register or are addressed by themselves. */
const bitBanks = new Set(['discrete', 'coil']);

describe('a public register map', () => {
  test.for(cases)('is read as it says: $file', (wanted, context) => {
    const map = mapSchema.parse(readMap(requireShared(context), wanted.file));
    const reads = plannedReads(shippedProfile(wanted.profile), {});
    const faults = map.registers.flatMap((register) => {
      if (wanted.leftOut?.[register.addr] !== undefined) return [];
      const here = reads.filter(({ read }) => read.by === 'register' && read.address === register.addr);
      if (here.length === 0) return [`${register.addr} ${register.name}: not in the profile`];
      return here.flatMap((each) => differences(register, each, { map, wanted }));
    });
    expect(faults).toEqual([]);
  });

  test('names every alarm of page 8 of the DSE controllers, in its order', (context) => {
    const alarms = z
      .array(z.object({ id: z.int(), desc: z.string() }))
      .parse(readMap(requireShared(context), 'dse_alarms'));
    const reads = plannedReads(shippedProfile('genset/dse-gencomm'), {});
    const read = reads.filter(({ quantity }) => quantity === 'alarm');
    const expected = alarms.map(({ id, desc }) => {
      const position = id - 4_096;
      return [slugOf(desc), 2_049 + Math.floor(position / 4), 12 - 4 * (position % 4)];
    });
    expect(
      read.map(({ part, read: at, value }) => [part, at.by === 'register' && at.address, value.bits?.shift]),
    ).toEqual(expected);
  });
});

function readMap(shared: string, file: string): unknown {
  return JSON.parse(readFileSync(`${shared}/registers/${file}.json`, 'utf8'));
}

function slugOf(text: string): string {
  return text
    .replace(/\([^)]*\)/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

function differences(
  register: Register,
  planned: PlannedRead,
  { map, wanted }: { map: z.infer<typeof mapSchema>; wanted: Case },
): string[] {
  const { read, value } = planned;
  if (read.by !== 'register') return [];
  const found: string[] = [];
  const differs = (what: string, is: unknown, should: unknown): void => {
    found.push(`${register.addr} ${register.name}: ${what} is ${String(is)}, the map says ${String(should)}`);
  };
  const functions = functionsOf(map.fc, register);
  if (!functions.includes(read.function)) differs('function', read.function, functions.join(' or '));
  const isWordOfBits = register.type === 'bit' && !bitBanks.has(read.function);
  const type = isWordOfBits ? 'u16' : (types[register.type] ?? register.type);
  if (read.type !== type) differs('type', read.type, type);
  const isWide = /32|64/.test(read.type);
  const order = map.order === 'le' ? 'little-word' : 'big';
  if (isWide && read.order !== order) differs('word order', read.order, order);
  for (const raw of register.invalid ?? [])
    if (decodeRaw(value, value.unit, raw).quality === good) differs(`raw ${raw}`, 'a value', 'invalid');
  if (value.unit === 'state') {
    for (const code of Object.keys(register.enum ?? {}))
      if (
        decodeRaw({ ...value, sentinels: undefined, states: named(value.states) }, 'state', code).quality !==
        good
      )
        differs('state', 'missing', code);
  } else found.push(...scaleDifference(register, planned, wanted));
  return found;
}

/** A state that is a bad reading is named all the same. */
function named(states: PlannedRead['value']['states']): PlannedRead['value']['states'] {
  return (
    states &&
    Object.fromEntries(
      Object.entries(states).map(([raw, state]) => [
        raw,
        typeof state === 'string' ? state : { ...state, bad: undefined },
      ]),
    )
  );
}

/** Of a raw value that is none of the sentinels and plausible. */
function scaleDifference(register: Register, { value }: PlannedRead, { unitOf }: Case): string[] {
  const own = unitOf?.[register.addr];
  const factor = own ?? (factors[register.unit] ?? Number.NaN) / (register.div ?? Number.NaN);
  for (const raw of [1, 20, 100, 500, 770, 3_000]) {
    const { value: is, quality } = decodeRaw(value, value.unit, raw);
    if (quality !== good) continue;
    const should = register.unit === 'F' ? ((raw / (register.div ?? 1) - 32) * 5) / 9 : raw * factor;
    // What comes from °F has no more places than the device's and two more.
    const rounding = register.unit === 'F' ? 0.005 / (register.div ?? 1) : Math.abs(should) * 1e-9;
    return Math.abs(is - should) <= rounding
      ? []
      : [`${register.addr} ${register.name}: raw ${raw} is ${is}, the map says ${should} ${value.unit}`];
  }
  return [`${register.addr} ${register.name}: no raw value is good`];
}

function functionsOf(fc: number | string, { name }: Register): string[] {
  if (fc === 4) return ['input'];
  if (fc === 3 || fc === '3?') return ['holding'];
  // "4 for 3xxxx, 3 for 4xxxx": the name holds the maker's number.
  if (String(fc).startsWith('4 for')) return [/\(3\d{4}\)/.test(name) ? 'input' : 'holding'];
  return ['coil', 'discrete'];
}
