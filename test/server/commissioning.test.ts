import { afterEach, beforeEach, expect, it, test } from 'vitest';
import type { Device } from '../../config/model.ts';
import { correction } from '../../domain/commissioning.ts';
import { identityOf } from '../../server/commissioning/identity.ts';
import { commissioningRepository } from '../../server/commissioning/repository.ts';
import {
  type Commissioning,
  createCommissioning,
  entriesOf,
  recordOf,
  stateOf,
} from '../../server/commissioning/service.ts';
import type { ReadValue } from '../../server/contracts/commissioning.ts';
import { openDatabase } from '../../server/db/database.ts';
import type { Database } from '../../server/db/schema.ts';
import { openValues, restUnseen } from '../../web/place/commissioning.ts';
import { forEachDatabase } from '../support/databases.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { fieldModel, shippedProfile } from '../support/field.ts';

const access = { version: '2c', community: 'public' } as const;

function ups(
  host: string,
  change: (profile: Device['profile']) => Device['profile'] = (profile) => profile,
): Device {
  const address = { protocol: 'snmp', host, port: 161, access } as const;
  const { devices } = fieldModel([{ id: 'ups-a', profile: change(shippedProfile('ups/rfc1628')), address }]);
  const [device] = devices;
  if (device === undefined) throw new Error('no device');
  return device;
}

function value(name: string, number: number | null, raw: string | null = null): ReadValue {
  return {
    point: `t/ups-a/${name}`, part: null, quantity: name, unit: 'V', value: number, state: null,
    reason: number === null ? 'no-value' : null, source: '1.3.6.1', raw,
  }; // prettier-ignore
}

const values = [
  value('battery-voltage', 54.2, '542'),
  value('input-voltage', 230, '230'),
  value('missing', null),
];

test('every value that was read wants a verdict, and what differs says what the device shows', () => {
  const agree = { point: 't/ups-a/battery-voltage', verdict: 'confirmed' as const };
  expect(() => entriesOf(values, [agree])).toThrow('1 values have no verdict, such as t/ups-a/input-voltage');
  const differs = { point: 't/ups-a/input-voltage', verdict: 'differs' as const };
  expect(() => entriesOf(values, [agree, differs])).toThrow('say what the device shows');
  expect(() => entriesOf(values, [{ point: 't/other/x', verdict: 'unseen' }])).toThrow(
    't/other/x was not read',
  );
  expect(
    entriesOf(values, [agree, { ...differs, shown: '231' }]).map(({ verdict, shown }) => [verdict, shown]),
  ).toEqual([
    ['confirmed', null],
    ['differs', '231'],
  ]);
});

test('a changed profile or address voids the comparison, and a text in the profile does not', () => {
  const entries = entriesOf(values.slice(0, 1), [{ point: 't/ups-a/battery-voltage', verdict: 'confirmed' }]);
  const record = recordOf(ups('10.0.0.1'), { id: '1', at: 0, actor: 'ana', entries });
  expect(stateOf(undefined, identityOf(ups('10.0.0.1')))).toEqual({ state: 'none', changed: null });
  expect(stateOf(record, identityOf(ups('10.0.0.1')))).toEqual({ state: 'valid', changed: null });
  expect(stateOf(record, identityOf(ups('10.0.0.2')))).toEqual({ state: 'void', changed: 'address' });
  const reworded = ups('10.0.0.1', (profile) => ({ ...profile, model: 'another text' }));
  expect(stateOf(record, identityOf(reworded))).toEqual({ state: 'valid', changed: null });
  const scaled = ups('10.0.0.1', (profile) =>
    profile.protocol === 'snmp'
      ? { ...profile, points: profile.points.map((point) => ({ ...point, scale: 7 })) }
      : profile,
  );
  expect(stateOf(record, identityOf(scaled))).toEqual({ state: 'void', changed: 'profile' });
});

test('the page counts what is open, and proposes the factor between sent and shown', () => {
  const choices = { 't/ups-a/battery-voltage': { verdict: 'differs' as const, shown: '' } };
  expect(openValues(values, {})).toBe(2);
  expect(openValues(values, choices)).toBe(2);
  expect(openValues(values, { ...choices, 't/ups-a/input-voltage': { verdict: 'unseen', shown: '' } })).toBe(
    1,
  );
  const [battery = value('x', 0)] = values;
  expect(correction(battery, '5,42')).toBe('override: { battery-voltage: { scale: 0.01 } }');
  expect(correction(battery, '54.2')).toBeUndefined();
  expect(correction(battery, 'on')).toBeUndefined();
  expect(correction({ ...battery, unit: 'state' }, '42')).toBeUndefined();
  const rest = restUnseen(values, { 't/ups-a/battery-voltage': { verdict: 'confirmed', shown: '' } });
  expect(Object.entries(rest).map(([point, { verdict }]) => [point, verdict])).toEqual([
    ['t/ups-a/battery-voltage', 'confirmed'],
    ['t/ups-a/input-voltage', 'unseen'],
  ]);
});

forEachDatabase('commissioning', (database) => {
  let db: Database;
  let clock: FakeClock;
  beforeEach(async () => {
    db = await openDatabase(database.where());
    clock = createFakeClock();
  });
  afterEach(() => db.destroy());

  const device = ups('10.0.0.1');
  let ids = 0;
  const open = (): Commissioning =>
    createCommissioning({
      model: { devices: [device] },
      repository: commissioningRepository(db),
      readOnce: async () => values,
      lastValues: () => [],
      localSites: ['t'],
      newId: (at) => `${at}-${(ids += 1)}`,
      clock,
    });

  it('is kept with who and when, and is still known after a restart', async () => {
    const service = open();
    const { reading } = await service.read(device);
    const verdicts = [
      { point: 't/ups-a/battery-voltage', verdict: 'confirmed' as const },
      { point: 't/ups-a/input-voltage', verdict: 'unseen' as const },
    ];
    await service.confirm(device, { reading, verdicts, note: 'at the rack', actor: 'ana' });
    await expect(service.confirm(device, { reading, verdicts, actor: 'ana' })).rejects.toThrow(
      'read the device again',
    );

    const again = open();
    expect(await again.list()).toEqual([
      {
        site: 't',
        device: 'ups-a',
        state: 'valid',
        changed: null,
        at: new Date(clock.now()).toISOString(),
        actor: 'ana',
      },
    ]);
    const view = await again.view(device);
    expect(view.history).toMatchObject([
      { actor: 'ana', confirmed: 1, differs: 0, unseen: 1, note: 'at the rack' },
    ]);
    expect(view.entries.map(({ raw, source }) => [raw, source])).toEqual([
      ['542', '1.3.6.1'],
      ['230', '1.3.6.1'],
    ]);
  });

  it('is undone by a later one that finds a difference', async () => {
    const service = open();
    for (const verdict of ['confirmed', 'differs'] as const) {
      const { reading } = await service.read(device);
      const verdicts = ['battery-voltage', 'input-voltage'].map((name) => ({
        point: `t/ups-a/${name}`,
        verdict,
        shown: '1',
      }));
      await service.confirm(device, { reading, verdicts, actor: 'budi' });
    }
    expect((await open().list()).map(({ state }) => state)).toEqual(['differs']);
  });
});
