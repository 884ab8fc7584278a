import { faults } from '../physics/faults.ts';
import type { Drill } from './drill.ts';

/** A climate sensor of a data hall says nonsense, and now and then nothing. */
export const sensorFault: Drill = ({ devices, halls }) => {
  const sensor = devices.find(({ kind, room }) => kind === 'env' && halls.some((hall) => hall.room === room));
  return faults({ nonsense: sensor === undefined ? [] : [sensor.key] });
};
