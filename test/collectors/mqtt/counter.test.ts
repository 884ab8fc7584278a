import { expect, test } from 'vitest';
import { createListening } from '../../../collectors/drivers/mqtt/listening.ts';
import { profileSchema } from '../../../config/schema/profile.ts';
import { fieldModel, silentLog } from '../../support/field.ts';

const profile = {
  ...profileSchema.parse({
    protocol: 'mqtt',
    kind: 'meter',
    maker: 'none',
    model: 'pulse counter',
    source: 'made up for this test',
    silentAfter: '1m',
    points: [{ quantity: 'energy', unit: 'kWh', pointer: '/pulses', scale: 0.001, counter: 32 }],
  }),
  name: 'meter/pulses',
};

test('a counter of an MQTT device goes on when it wraps, and falls when the device has restarted', () => {
  const broker = { key: 't/main', url: 'mqtt://127.0.0.1:1' };
  const [device] = fieldModel([
    { id: 'm', profile, address: { protocol: 'mqtt', broker, topic: 'm' } },
  ]).devices;
  const point = device?.points[0];
  if (device === undefined || point === undefined) throw new Error('no device');
  const listening = createListening(device, { silentAfterMs: 60_000, log: silentLog });
  const values = [2 ** 32 - 1_000, 2_000, 5_000, 40].flatMap((raw) =>
    listening.decode([{ point, raw }], { at: 0, monotonic: 0 }).map(({ value }) => value),
  );
  expect(values).toEqual([
    (2 ** 32 - 1_000) / 1_000,
    (2 ** 32 + 2_000) / 1_000,
    (2 ** 32 + 5_000) / 1_000,
    0.04,
  ]);
});
