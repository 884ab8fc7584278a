import { faults } from '../physics/faults.ts';
import type { Drill } from './drill.ts';

/** The site's first door is forced. */
export const doorForced: Drill = ({ doors }) => faults({ forced: doors.slice(0, 1) });
