import { expect, test } from 'vitest';
import { setsOf } from '../../collectors/drivers/snmp/traps/senders.ts';
import type { Trap } from '../../collectors/drivers/snmp/traps/decode.ts';
import { allProfiles } from '../../config/load/profiles.ts';
import { fileURLToPath } from 'node:url';
import { fieldModel, shippedProfile } from '../support/field.ts';

/** What a device of a shipped profile, with its default parts, makes of a trap: point → state or number. */
function said(name: string, trap: Trap): Record<string, string | number> {
  const access = { version: '2c', community: 'public' } as const;
  const address = { protocol: 'snmp', host: '127.0.0.1', port: 161, access } as const;
  const { devices, points } = fieldModel([{ id: 'd', profile: shippedProfile(name), address }]);
  const [device] = devices;
  if (device === undefined) throw new Error('no device');
  return Object.fromEntries(
    [...setsOf(device, trap)].map(([index, value]) => {
      const point = points[index];
      return [point?.id.slice('t/d/'.length) ?? '', point?.states?.get(value) ?? value];
    }),
  );
}

const timeOnBattery = { oid: '1.3.6.1.2.1.33.1.2.2.0', cell: { raw: 61 } };
const minutesLeft = { oid: '1.3.6.1.2.1.33.1.2.3.0', cell: { raw: 12 } };

/** A trap a row, as the MIB numbers it. */
// prettier-ignore
const traps: readonly [string, string, Trap, Record<string, string | number>][] = [
  ['upsTrapOnBattery', 'ups/rfc1628', { oid: '1.3.6.1.2.1.33.2.1', varbinds: [minutesLeft, timeOnBattery] }, { 'output-source': 'battery', autonomy: 720, 'time-on-battery': 61 }],
  ['upsOnBattery', 'ups/apc-powernet', { oid: '1.3.6.1.4.1.318.0.5', varbinds: [] }, { 'output-source': 'battery' }],
  ['lowBattery', 'ups/apc-powernet', { oid: '1.3.6.1.4.1.318.0.7', varbinds: [] }, { 'battery-status': 'low' }],
  ['upsBatteryNeedsReplacement', 'ups/apc-powernet', { oid: '1.3.6.1.4.1.318.0.17', varbinds: [] }, { 'battery-replacement': 'needed' }],
  ['powerRestored', 'ups/apc-powernet', { oid: '1.3.6.1.4.1.318.0.9', varbinds: [] }, {}],
  ['xupstdOnBattery', 'ups/eaton-xups', { oid: '1.3.6.1.4.1.534.1.11.4.1.0.3', varbinds: [] }, { 'output-source': 'battery' }],
  ['xupstdLowBattery of a port', 'ups/eaton-xups', { oid: '1.3.6.1.4.1.534.1.11.4.2.0.4', varbinds: [] }, { 'battery-low': 'yes' }],
];

test.each(traps)('%s sets at a device of %s what it says', (_name, profile, trap, expected) => {
  expect(said(profile, trap)).toEqual(expected);
});

test('every trap of a shipped profile stands in that table', () => {
  const shipped = allProfiles(fileURLToPath(new URL('../../config', import.meta.url)));
  const inTable = new Set(traps.map(([, , { oid }]) => oid));
  const untried = shipped.flatMap((profile) =>
    profile.protocol === 'snmp'
      ? profile.traps.filter(({ trap }) => ![trap].flat().some((oid) => inTable.has(oid)))
      : [],
  );
  expect(untried).toEqual([]);
});
