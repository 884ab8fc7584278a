import { formatProblem, loadConfig } from '../config/load.ts';
import type { Device } from '../config/model.ts';
import { withSimulatedField } from '../config/simulated.ts';
import { exitCodes, UsageError } from './usage.ts';

export interface ConfiguredDevice {
  /** `site/device`. */
  readonly key: string;
  /** The configuration's folder. */
  readonly config: string;
  /** Where the simulator's ports begin. */
  readonly simulatorPort: number;
}

/** A device of the configuration; while the field is simulated, at the simulator's address. Throws what the person at the terminal is told. */
export function configuredDevice({ key, config, simulatorPort }: ConfiguredDevice): Device {
  const loaded = loadConfig(config);
  if (!loaded.ok) throw new UsageError(loaded.problems.map(formatProblem).join('\n'), exitCodes.config);
  const { model } = loaded;
  const device = model.deviceById.get(key);
  if (device === undefined) throw new UsageError(`no device ${key} in ${config}`);
  if (model.field === 'real') return device;
  return withSimulatedField(model, simulatorPort).deviceById.get(key) ?? device;
}
