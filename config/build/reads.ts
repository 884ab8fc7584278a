import type { PointRead } from '../model.ts';
import type { InputPoint, MqttProfile, Profile, ValueSpec } from '../schema/profile.ts';
import type { ModbusAccess } from '../schema/site.ts';
import { inputReads } from './input-reads.ts';
import { modbusReads } from './modbus-reads.ts';
import { snmpReads } from './snmp-reads.ts';

/** One value that is read from a device: what it is, and where it stands. */
export interface PlannedRead {
  readonly part?: string;
  readonly quantity: string;
  readonly value: ValueSpec;
  readonly read: PointRead;
}

/** What a device entry adds to its profile. */
export interface ReadOptions {
  /** Group → the parts this device has, instead of the profile's own. */
  readonly parts?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Terminals of a generic profile. Those the profile does not know are left out. */
  readonly inputs?: readonly InputPoint[] | undefined;
  /** Which of several devices behind one SNMP agent. */
  readonly instance?: string | undefined;
  /** How a Modbus device differs from its profile as a whole. */
  readonly modbus?: Pick<ModbusAccess, 'order' | 'addressOffset'> | undefined;
  /** The device's topic, for MQTT. */
  readonly topic?: string | undefined;
}

/** Everything that is read from a device of this profile, in the profile's order. */
export function plannedReads(profile: Profile, options: ReadOptions): PlannedRead[] {
  if (profile.protocol === 'snmp') return snmpReads(profile, options);
  return profile.protocol === 'modbus' ? modbusReads(profile, options) : mqttReads(profile, options);
}

/** Group → its parts unless a device says otherwise. Groups of single rows of a table have none and are left out. */
export function partGroups(profile: Profile): ReadonlyMap<string, readonly string[]> {
  if (profile.protocol === 'modbus')
    return new Map([
      ...profile.groups.map((each) => [each.group, Object.keys(each.parts)] as const),
      ...profile.fields.map((each) => [each.group, each.parts.filter((part) => part !== null)] as const),
    ]);
  if (profile.protocol === 'mqtt') return new Map(profile.groups.map((each) => [each.group, each.parts]));
  const named = profile.tables.filter(({ part }) => part !== undefined);
  return new Map(named.map((table) => [table.group, table.parts]));
}

function mqttReads(profile: MqttProfile, options: ReadOptions): PlannedRead[] {
  type Message = MqttProfile['inputs'][string];
  const message = (point: Message, part: string): PointRead => {
    const fill = (text: string): string => text.replaceAll('{part}', part);
    if (profile.payload === 'sparkplug') return { by: 'metric', metric: fill(point.metric ?? '') };
    const where = Object.entries(point.where ?? {}).map(([pointer, equals]) => ({
      pointer: fill(pointer),
      equals: fill(equals),
    }));
    return {
      by: 'message',
      topic: fill(point.topic).replaceAll('{topic}', options.topic ?? ''),
      ...(point.pointer === undefined ? {} : { pointer: fill(point.pointer) }),
      where,
    };
  };
  const plain = profile.points.map((point) => ({
    quantity: point.quantity,
    value: point,
    read: message(point, ''),
  }));
  const grouped = profile.groups.flatMap((group) =>
    (options.parts?.[group.group] ?? group.parts).flatMap((part) =>
      group.points.map((point) => ({
        part,
        quantity: point.quantity,
        value: point,
        read: message(point, part),
      })),
    ),
  );
  const terminals = inputReads(profile.inputs, options.inputs, (input) => message(input, ''));
  return [...plain, ...grouped, ...terminals];
}
