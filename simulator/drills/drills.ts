import { deviceDead } from './device-dead.ts';
import type { Drill } from './drill.ts';
import { doorForced } from './door-forced.ts';
import { feedALoss } from './feed-a-loss.ts';
import { leak } from './leak.ts';
import { networkLoss } from './network-loss.ts';
import { pacFailure } from './pac-failure.ts';
import { plnOutage } from './pln-outage.ts';
import { sensorFault } from './sensor-fault.ts';
import { smoke } from './smoke.ts';

/** By the names under which the outside starts them. */
export const drills = {
  'pln-outage': plnOutage,
  'pac-failure': pacFailure,
  'feed-a-loss': feedALoss,
  smoke,
  leak,
  'door-forced': doorForced,
  'sensor-fault': sensorFault,
  'device-dead': deviceDead,
  'network-loss': networkLoss,
} as const satisfies Readonly<Record<string, Drill>>;

export type DrillName = keyof typeof drills;

export function isDrillName(name: string): name is DrillName {
  return Object.hasOwn(drills, name);
}
