import type { Device } from '../../config/model.ts';
import { uniform } from '../physics/noise.ts';

/** Rooms that nobody's heat is computed for: split units hold them steady. */
export function roomClimate(device: Device, seed: number): { temperatureC: number; dewPointC: number } {
  return {
    temperatureC: uniform(`${device.site}/${device.room} warmth`, seed, [22.5, 24]),
    dewPointC: uniform(`${device.site}/${device.room} damp`, seed, [11, 12.5]),
  };
}
