import { faults } from '../physics/faults.ts';
import type { Drill } from './drill.ts';

/** One PAC of the site stops answering; it cools on. */
export const deviceDead: Drill = ({ pacs, devices }) => {
  const device = pacs[0] ?? devices[0];
  return faults({ silent: device === undefined ? [] : [device.key] });
};
