import { faults } from '../physics/faults.ts';
import type { Drill } from './drill.ts';

/** Feed A dead from its UPS down: rack PDUs on it lose their network cards too, meters with a supply of their own read 0. */
export const feedALoss: Drill = () => faults({ feedDead: ['A'] });
