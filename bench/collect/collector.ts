import { pino } from 'pino';
import { systemClock } from '../../core/clock.ts';
import { createCollectors } from '../../collectors/create.ts';
import { stableHash } from '../../collectors/poller/poller.ts';
import { collectorGrowthPercent, keepHeapSmall } from '../../core/heap.ts';
import { isUsable, type Reading } from '../../core/reading.ts';
import { devicePoints, pointList } from '../../config/build/points.ts';
import { loadConfig } from '../../config/load.ts';
import type { Device } from '../../config/model.ts';
import { profileSchema } from '../../config/schema/profile.ts';
import { percentile } from '../percentile.ts';
import { agentCount, agentOid, firstPort, valuesPerAgent } from './field.ts';

/** Our collectors as the product runs them, on the bench's agents; readings are counted and thrown away. */
export interface CollectorReport {
  /** Readings that can be used, so far. */
  readonly good: number;
  readonly polls: number;
  readonly timeouts: number;
  readonly late: number;
  readonly skipped: number;
  /** Of healthy devices, from due time to reading, ms; since the last report. */
  readonly latenessP50: number;
  readonly latenessP99: number;
}

// As `pantau collect` does.
keepHeapSmall(collectorGrowthPercent);
const intervalMs = Number(process.argv[2]);
const sickShare = process.argv.includes('sick') ? 3 : 0;

const profile = {
  ...profileSchema.parse({
    protocol: 'snmp', kind: 'meter', maker: 'bench', model: 'bench', source: 'made for the bench',
    points: Array.from({ length: valuesPerAgent }, (_, i) => ({ quantity: `q${i}`, unit: 'V', scale: 0.1, oid: agentOid(i) })),
  }),
  name: 'meter/bench',
}; // prettier-ignore

const loaded = loadConfig(process.env['PANTAU_CONFIG'] ?? './config');
if (!loaded.ok) throw new Error('the configuration is broken: pantau check-config');
const list = pointList();
const every = { safety: intervalMs, power: intervalMs, normal: intervalMs, slow: intervalMs };
const devices = Array.from({ length: agentCount }, (_, index): Device => {
  const id = `a${index}`;
  const address = { protocol: 'snmp', host: '127.0.0.1', port: firstPort + index, access: { version: '2c', community: 'public' } } as const; // prettier-ignore
  const place = { key: `b/${id}`, id, site: 'b', kind: 'meter', profile, address, room: 'r', rating: {}, interval: 'normal' } as const; // prettier-ignore
  return devicePoints(list, place, { entry: {}, claims: [], intervalsMs: every });
});
const deviceOf = new Int32Array(list.points.length).fill(-1);
for (const [index, { points }] of devices.entries())
  for (const point of points) deviceOf[point.index] = index;
const phases = devices.map(({ key }) => stableHash(`${key} ${intervalMs}`) % intervalMs);

let good = 0;
let lateness: number[] = [];
const collectors = createCollectors({
  model: { ...loaded.model, devices, points: list.points },
  clock: systemClock,
  log: pino({ level: 'silent' }),
  sink(readings: readonly Reading[]) {
    // What the collectors report about themselves is no value of the field.
    const values = readings.filter(({ point }) => (deviceOf[point] ?? -1) >= 0);
    for (const { quality } of values) if (isUsable(quality)) good += 1;
    const first = values[0];
    const device = deviceOf[first?.point ?? -1] ?? -1;
    if (first !== undefined && device >= 0 && device % 10 >= sickShare)
      lateness.push((first.at - (phases[device] ?? 0)) % intervalMs);
  },
});

function report(): CollectorReport {
  const health = collectors.diagnostics().filter((_, index) => index % 10 >= sickShare);
  const sum = (pick: (each: (typeof health)[number]) => number): number =>
    health.reduce((total, each) => total + pick(each), 0);
  const figures = {
    good,
    polls: sum((each) => each.polls),
    timeouts: sum((each) => each.timeouts),
    late: sum((each) => each.late),
    skipped: sum((each) => each.skipped),
    latenessP50: percentile(lateness, 0.5),
    latenessP99: percentile(lateness, 0.99),
  };
  lateness = [];
  return figures;
}

collectors.start();
process.on('message', () => process.send?.(report()));
process.on('SIGTERM', () => void collectors.stop().then(() => process.exit(0)));
process.send?.(report());
