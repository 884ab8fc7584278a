import { drillNames } from '../../server/contracts/system.ts';
import { minute, morning, second, shippedModel, startField } from '../simulator/support.ts';
import { watch } from '../simulator/watch.ts';

/**
 * The shipped rules on a healthy estate for `SOAK_HOURS` (24) from 10.00 WIB, with `SOAK_SEEDS` (1) different plants: nothing may be raised. Then
 * each drill for ten minutes at the DC, with the alarms that it raises, counted: at most ten in the ten minutes after an upset (EEMUA 191).
 */
const hours = Number(process.env['SOAK_HOURS'] ?? 24);
const seeds = Number(process.env['SOAK_SEEDS'] ?? 1);
const model = shippedModel();

for (let seed = 1; seed <= seeds; seed += 1) {
  const watching = watch(model, startField(model, { seed }), { startAt: morning });
  watching.run(hours * 60 * minute, minute);
  const raised = [...new Set(watching.raisedAlarms)];
  process.stdout.write(
    `seed ${seed}: ${hours} h of a healthy estate, ${raised.length === 0 ? 'nothing raised' : `raised ${raised.join(', ')}`}\n`,
  );
  if (raised.length > 0) process.exitCode = 1;
}

for (const name of drillNames) {
  const field = startField(model);
  const watching = watch(model, field, { startAt: morning, sites: ['dc'] });
  watching.run(30 * second, 5 * second);
  field.startDrill(name, 'dc', watching.now());
  watching.run(10 * minute, 5 * second);
  const counts = new Map<string, number>();
  for (const key of watching.raisedAlarms) {
    const [rule = ''] = key.split('@');
    counts.set(rule, (counts.get(rule) ?? 0) + 1);
  }
  const list = [...counts].map(([rule, count]) => `${rule} ${count}`).join(', ');
  process.stdout.write(`${name}: ${watching.raisedAlarms.length} alarms in 10 min: ${list}\n`);
}
