import { loadConfig } from '../config/load.ts';
import type { Device } from '../config/model.ts';
import { withSimulatedField } from '../config/simulated.ts';
import type { Environment } from './environment.ts';

/** While the field is simulated, a device of the configuration stands at the simulator's address. */
export function relocation(environment: Environment): ((device: Device) => Device) | undefined {
  const loaded = loadConfig(environment.PANTAU_CONFIG);
  if (!loaded.ok || loaded.model.field === 'real') return undefined;
  const simulated = withSimulatedField(loaded.model, environment.PANTAU_SIMULATOR_PORT);
  return (device) => simulated.deviceById.get(device.key) ?? device;
}
