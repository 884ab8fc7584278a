import { faults } from '../physics/faults.ts';
import type { Drill } from './drill.ts';

/** Both PLN sources gone: UPS on battery, gensets start, the ATS transfers; back when the grid was steady for a while. */
export const plnOutage: Drill = ({ incomers }) => faults({ sourceLost: incomers.map(({ key }) => key) });
