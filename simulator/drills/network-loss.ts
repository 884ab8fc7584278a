import { faults } from '../physics/faults.ts';
import type { Drill } from './drill.ts';

/** The network of the site's data halls is down: nothing that stands in them is heard. */
export const networkLoss: Drill = ({ devices, halls }) =>
  faults({
    silent: devices.filter(({ room }) => halls.some((hall) => hall.room === room)).map(({ key }) => key),
  });
