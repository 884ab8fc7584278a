import { profileSchema, type Profile } from '../../../config/schema/profile.ts';
import type { FieldEntry } from '../../support/field.ts';

/** A meter with one point of the power class and one of the slow class. */
const profile: Profile = {
  ...profileSchema.parse({
    protocol: 'modbus',
    kind: 'meter',
    maker: 'none',
    model: 'two intervals',
    source: 'made up for these tests',
    interval: 'power',
    points: [
      { quantity: 'power', unit: 'kW', address: 0 },
      { quantity: 'energy', unit: 'kWh', address: 10, interval: 'slow' },
    ],
  }),
  name: 'meter/two-intervals',
};

export function modbusMeter(id: string, port = 502, unit = 1): FieldEntry {
  return { id, profile, address: { protocol: 'modbus', host: '127.0.0.1', port, unit } };
}
