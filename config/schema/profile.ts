import { z } from 'zod';
import { modbusProfile } from './profile/modbus.ts';
import { mqttProfile } from './profile/mqtt.ts';
import { pushProfile } from './profile/push.ts';
import { snmpProfile } from './profile/snmp.ts';

export type { ModbusFunction, ModbusType } from './profile/modbus.ts';
export { modbusPace } from './profile/modbus.ts';
export type { Condition, ScaleKind, TrapEntry } from './profile/snmp.ts';
export type { InputPoint, SentinelReason, ValueSpec } from './profile/value.ts';
export { inputPointSchema, valueSpecSchema } from './profile/value.ts';

/**
 * How a device *model* is read (docs/adding-a-device.md). One file a model; no template language: parts are
 * enumerated or found by index, and what differs by device is overridden in the device's own entry.
 */

export const profileSchema = z.discriminatedUnion('protocol', [
  snmpProfile,
  modbusProfile,
  mqttProfile,
  pushProfile,
]);

/** A profile with its name: its path below `profiles/`, without the ending, e.g. `pdu/apc-rpdu2`. */
export type Profile = z.infer<typeof profileSchema> & { name: string };
export type SnmpProfile = z.infer<typeof snmpProfile> & { name: string };
export type ModbusProfile = z.infer<typeof modbusProfile> & { name: string };
export type MqttProfile = z.infer<typeof mqttProfile> & { name: string };
export type PushProfile = z.infer<typeof pushProfile> & { name: string };

export function isSparkplug(profile: Profile): boolean {
  return profile.protocol === 'mqtt' && profile.payload === 'sparkplug';
}
