/**
 * The states of each quantity that a rule, a derived point or a page reads by name. A profile maps what its device says onto
 * them and keeps the maker's word for display (`word`); any other name is refused when the configuration is loaded, since a rule
 * that waits for "bypass" would never hear "hardware-failure-bypass". Quantities that are not here have the states of their profile.
 */
const yesNo = ['yes', 'no'] as const;
const alarm = ['normal', 'alarm'] as const;
const fault = ['normal', 'fault'] as const;
const failed = ['normal', 'failed'] as const;

const canonicalStates: Readonly<Record<string, readonly string[]>> = {
  link: ['lost', 'ok'],
  'collector-link': ['silent', 'reporting', 'none'],

  // UPS. `test` is a test of the device itself, by schedule or by hand: no outage.
  'output-source': [
    'normal',
    'eco',
    'booster',
    'reducer',
    'battery',
    'test',
    'bypass',
    'overload',
    'none',
    'other',
  ],
  'load-source': ['none', 'inverter', 'bypass'],
  'battery-status': ['unknown', 'normal', 'low', 'depleted', 'fault'],
  'battery-state': ['charging', 'discharging', 'floating', 'resting', 'full', 'test', 'check'],
  'battery-test': ['passed', 'warning', 'failed', 'aborted', 'in-progress', 'scheduled', 'unknown'],
  'battery-replacement': ['not-needed', 'needed'],
  'battery-failure': yesNo,
  'battery-aged': yesNo,
  'battery-low': yesNo,
  'battery-not-present': yesNo,
  'battery-breaker': ['open', 'closed'],
  'charger-state': ['on', 'off'],
  'on-battery': alarm,
  'on-bypass': alarm,
  overload: alarm,
  'over-voltage': alarm,
  'under-voltage': alarm,
  'emergency-shutdown': alarm,

  // Transfer switches and sources
  position: ['source-1', 'source-2', 'off', 'fault'],
  'source-1': ['available', 'lost'],
  'source-2': ['available', 'lost'],
  'source-1-switch': ['open', 'closed', 'tripped'],
  'source-2-switch': ['open', 'closed', 'tripped'],
  redundancy: ['redundant', 'lost'],
  overcurrent: ['normal', 'overcurrent'],
  'supply-5v': failed,
  'supply-12v': failed,
  'supply-minus-12v': failed,
  'supply-24v-a': failed,
  'supply-24v-b': failed,

  // Gensets. Whatever carries load or could within seconds is `running`.
  'control-mode': ['stop', 'off', 'auto', 'manual', 'test'],
  'engine-state': [
    'stopped',
    'ready',
    'not-ready',
    'pre-start',
    'cranking',
    'starting',
    'warming-up',
    'running',
    'cooling-down',
    'stopping',
    'post-run',
    'shutdown',
  ],
  alarm: ['disabled', 'inactive', 'warning', 'shutdown', 'trip', 'active'],

  // PDUs
  'load-state': ['normal', 'low-load', 'near-overload', 'overload', 'off'],
  'breaker-state': ['closed', 'tripped'],

  // Cooling
  'system-state': ['on', 'off', 'standby'],
  'alarm-status': ['none', 'informational', 'warning', 'critical'],
  'general-alarm': alarm,
  'bus-alarm': alarm,
  'address-conflict': alarm,
  'unit-status': ['normal', 'failed', 'overload'],
  'high-temperature': alarm,
  'low-temperature': alarm,
  'high-humidity': alarm,
  'low-humidity': alarm,
  'loss-of-airflow': alarm,
  'change-filter': alarm,
  'compressor-high-pressure': alarm,
  'compressor-low-pressure': alarm,
  'compressor-low-suction': alarm,
  'compressor-overload': alarm,
  'compressor-short-cycle': alarm,
  'fan-overload': alarm,
  'humidifier-problem': alarm,
  'low-water-flow': alarm,
  'general-fault': alarm,
  'high-water-in-pan': alarm,
  'sensor-fault': alarm,

  // Fire, water, doors
  'alarm-level': ['normal', 'alert', 'action-1', 'action-2', 'fire-1', 'fire-2'],
  'fire-alarm': alarm,
  'heat-alarm': alarm,
  'gas-alarm': ['normal', 'alarm-1', 'alarm-2'],
  'gas-release': ['normal', 'released'],
  'co2-release': ['normal', 'released'],
  smoke: ['normal', 'smoke'],
  leak: ['normal', 'leak'],
  fault,
  'system-fault': fault,
  'minor-fault': fault,
  'urgent-fault': fault,
  isolated: ['normal', 'isolated'],
  'door-state': ['closed', 'open', 'forced', 'held'],
  tamper: ['normal', 'tampered'],
  contact: ['normal', 'alarm', 'open', 'closed', 'on', 'off'],
  recording: ['recording', 'idle'],

  'oper-status': ['up', 'down', 'testing', 'unknown', 'dormant', 'not-present', 'lower-layer-down'],
};

/** The closed list of a quantity; a device's alarms by name (`alarm-fan-failure`) share one. Undefined: any states. */
export function canonicalStatesOf(quantity: string): readonly string[] | undefined {
  if (Object.hasOwn(canonicalStates, quantity)) return canonicalStates[quantity];
  return quantity.startsWith('alarm-') ? alarm : undefined;
}
