import { faults } from '../physics/faults.ts';
import { at } from '../physics/noise.ts';
import type { Drill } from './drill.ts';

/** The PAC in the middle of the largest hall stops: the hall stays N+1, its own rows do not stay cool. */
export const pacFailure: Drill = ({ halls, pacs }) => {
  const hall = [...halls].sort((a, b) => b.racks.length - a.racks.length)[0];
  const pac = hall?.pacs[Math.floor(hall.pacs.length / 2)];
  return faults({ stopped: pac === undefined ? [] : [at(pacs, pac.index).key] });
};
