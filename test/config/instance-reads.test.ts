import { expect, test } from 'vitest';
import { plannedReads } from '../../config/build/reads.ts';
import { profileSchema } from '../../config/schema/profile.ts';

test('{instance} is filled wherever it stands: in OIDs, keys of rows and conditions', () => {
  const profile = {
    ...profileSchema.parse({
      protocol: 'snmp', kind: 'ups', maker: 'none', model: 'test', source: 'made up',
      identify: { answers: ['1.3.6.1.4.1.9.9'] },
      instances: { below: '1.3.6.1.4.1.9.9.1', default: '1' },
      tables: [{
        group: 'modules', entry: '1.3.6.1.4.1.9.9.2.{instance}', key: { column: 2 },
        where: [{ column: 3, is: 'unit-{instance}' }, { column: 5, isNot: ['{instance}'] }],
        points: [{ quantity: 'power', unit: 'kW', column: 6, row: 'output-{instance}' }],
      }],
    }),
    name: 'ups/test',
  }; // prettier-ignore
  const [planned] = plannedReads(profile, { instance: '7' });
  expect(planned?.read).toMatchObject({
    table: { entry: '1.3.6.1.4.1.9.9.2.7' },
    row: { key: 'output-7' },
    where: [{ is: ['unit-7'] }, { isNot: ['7'] }],
  });
});
