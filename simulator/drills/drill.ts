import type { Faults } from '../physics/faults.ts';
import type { Plant } from '../physics/plant.ts';

/** What a drill breaks at a site while it runs; the physics does the rest, also when it ends. */
export type Drill = (plant: Plant) => Faults;
