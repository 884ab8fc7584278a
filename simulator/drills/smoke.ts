import { faults } from '../physics/faults.ts';
import type { Drill } from './drill.ts';

/** Smoke thickens at the first detector of a data hall: alert, action, fire within about two minutes. */
export const smoke: Drill = ({ vesdas, halls }) => {
  const inHall = vesdas.find(({ room }) => halls.some((hall) => hall.room === room));
  return faults({
    smoke: [inHall ?? vesdas[0]].flatMap((vesda) => (vesda === undefined ? [] : [vesda.key])),
  });
};
