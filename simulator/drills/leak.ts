import { faults, partKey } from '../physics/faults.ts';
import type { Drill } from './drill.ts';

/** Water at the site's first leak zone. */
export const leak: Drill = ({ devices }) => {
  const zone = devices
    .flatMap((device) => device.points.map((point) => ({ device, point })))
    .find(({ device, point }) => device.kind === 'leak' && point.quantity === 'leak');
  return faults({ wet: zone === undefined ? [] : [partKey(zone.device.key, zone.point.part)] });
};
