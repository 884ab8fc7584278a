import type { DeviceKind } from '../config/schema/common.ts';

/** Which quantities a device of a kind shows at first sight; the rest unfold. The order of the lists is the page's. */
export const firstSight: readonly (readonly [DeviceKind, readonly string[]])[] = [
  ['pac', ['system-state', 'supply-temperature', 'return-temperature', 'cooling-capacity', 'fan-speed']],
  ['ups', ['output-source', 'output-power', 'autonomy', 'battery-charge', 'battery-temperature']],
  ['genset', ['engine-state', 'control-mode', 'power', 'fuel-level', 'battery-voltage']],
  ['fuel-tank', ['level']],
  ['ats', ['position', 'source-1', 'source-2', 'fault']],
  ['meter', ['power', 'frequency', 'power-factor', 'energy']],
  ['vesda', ['alarm-level', 'smoke-level', 'airflow', 'fault']],
  ['fire-panel', ['fire-alarm', 'heat-alarm', 'gas-release', 'agent-pressure', 'fault']],
  ['leak', ['leak']],
  ['door', ['door-state']],
  ['cctv', ['recording', 'frame-rate', 'fault']],
  ['router', ['oper-status']],
  ['env', ['temperature', 'humidity', 'dew-point', 'battery']],
  ['pdu', ['power', 'load-state']],
];

const normalStates = new Set([
  'normal', 'ok', 'on', 'standby', 'closed', 'available', 'source-1', 'auto', 'stopped', 'up', 'recording', 'idle', 'inactive',
  'eco', 'redundant', 'inverter', 'ready', 'not-needed', 'passed', 'floating', 'resting', 'full', 'charging', 'informational',
  'low-load', 'no', 'disabled',
]); // prettier-ignore

/** Whether a state is normal operation; all others are emphasised. */
export function isCalmState(state: string): boolean {
  return normalStates.has(state);
}
