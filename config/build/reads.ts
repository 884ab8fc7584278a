import type { CellRef, PointRead, RowCondition, TableRead } from '../point-source.ts';
import type {
  Condition,
  InputPoint,
  ModbusProfile,
  MqttProfile,
  Profile,
  SnmpProfile,
  ValueSpec,
} from '../schema/profile.ts';
import type { ModbusAccess } from '../schema/site.ts';
import { defined } from '../../core/defined.ts';

/** One value that is read from a device: what it is, and where it is found. */
export interface PlannedRead {
  readonly part?: string;
  readonly quantity: string;
  readonly value: ValueSpec;
  readonly read: PointRead;
  /** The profile that says so, where it is not the device's own. */
  readonly by?: string;
}

export function readName(read: Pick<PlannedRead, 'part' | 'quantity'>): string {
  return read.part === undefined ? read.quantity : `${read.part}/${read.quantity}`;
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
  if (profile.protocol === 'push') return [];
  return profile.protocol === 'modbus' ? modbusReads(profile, options) : mqttReads(profile, options);
}

/** Group → its parts unless a device reports otherwise. Groups of single rows of a table have none and are left out. */
export function partGroups(profile: Profile): ReadonlyMap<string, readonly string[]> {
  if (profile.protocol === 'modbus')
    return new Map([
      ...profile.groups.map((each) => [each.group, Object.keys(each.parts)] as const),
      ...profile.fields.map((each) => [each.group, each.parts.filter((part) => part !== null)] as const),
    ]);
  if (profile.protocol === 'push') return new Map(Object.entries(profile.parts));
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
      ...(point.unitCell === undefined
        ? {}
        : { unitCell: { ...point.unitCell, pointer: fill(point.unitCell.pointer) } }),
      where,
    };
  };
  const plain = profile.points.map((point) => ({
    ...defined({ part: point.part }),
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

/** A device entry's definition of a generic profile's terminals. */
function inputReads<Input>(
  known: Readonly<Record<string, Input>>,
  wanted: readonly InputPoint[] | undefined,
  read: (input: Input) => PointRead,
): PlannedRead[] {
  return (wanted ?? []).flatMap((point) => {
    const input = known[point.input];
    if (input === undefined) return [];
    const part = point.part === undefined ? {} : { part: point.part };
    return [{ ...part, quantity: point.quantity, value: point, read: read(input) }];
  });
}

type Register = ModbusProfile['inputs'][string];
type Fields = ModbusProfile['fields'][number];
const registerBits = 16;

function modbusReads(profile: ModbusProfile, options: ReadOptions): PlannedRead[] {
  const { modbus } = options;
  const register = (point: Register, offset: number): PointRead => ({
    by: 'register',
    function: point.function ?? profile.modbus.function,
    address: point.address + offset + (modbus?.addressOffset ?? 0),
    type: point.type,
    order: modbus?.order ?? point.order ?? profile.modbus.order,
  });
  const plain = profile.points.map((point) => ({
    ...defined({ part: point.part }),
    quantity: point.quantity,
    value: point,
    read: register(point, 0),
  }));
  const grouped = profile.groups.flatMap((group) => {
    const wanted = options.parts?.[group.group] ?? Object.keys(group.parts);
    return wanted.flatMap((part) => {
      const offset = group.parts[part];
      if (offset === undefined) return [];
      return group.points.map((point) => ({
        part,
        quantity: point.quantity,
        value: point,
        read: register(point, offset),
      }));
    });
  });
  const fields = profile.fields.flatMap((row) => {
    const wanted = options.parts?.[row.group];
    return row.parts.flatMap((part, position) => {
      if (part === null || wanted?.includes(part) === false) return [];
      const { offset, bits } = fieldAt(row, position);
      const read = register({ ...row, type: 'u16' }, offset);
      return [{ part, quantity: row.quantity, value: { ...row, bits }, read }];
    });
  });
  const terminals = inputReads(profile.inputs, options.inputs, (input) => register(input, 0));
  return [...plain, ...grouped, ...fields, ...terminals];
}

/** Which register of the row the field is in, and where in it. */
function fieldAt(
  { width, first }: Fields,
  position: number,
): { offset: number; bits: { shift: number; mask: number } } {
  const inRegister = registerBits / width;
  const place = (position % inRegister) * width;
  return {
    offset: Math.floor(position / inRegister),
    bits: { shift: first === 'low' ? place : registerBits - width - place, mask: 2 ** width - 1 },
  };
}

type Table = SnmpProfile['tables'][number];
type Column = Table['points'][number];
type Fill = (oid: string) => string;
interface Cell {
  readonly column: number;
  readonly entry?: string | undefined;
  readonly arcs?: readonly number[] | undefined;
}

/** What is read from an SNMP device: its scalars, then its tables part by part. */
export function snmpReads(profile: SnmpProfile, options: ReadOptions): PlannedRead[] {
  const instance = options.instance ?? profile.instances?.default ?? '';
  const fill: Fill = (oid) => oid.replaceAll('{instance}', instance);
  const scalars = profile.points.map((point): PlannedRead => ({
    ...defined({ part: point.part }),
    quantity: point.quantity,
    value: point,
    read: scalarRead(point, fill),
  }));
  const columns = profile.tables.flatMap((table) => {
    const read = tableRead(table, fill);
    const parts = options.parts?.[table.group] ?? table.parts;
    return table.points.flatMap((point): PlannedRead[] => {
      const head = { quantity: point.quantity, value: point };
      const column = columnRead(read, [...table.where, ...point.where], point, fill);
      // Without names of parts the row is the one that fits; with both there is, say, a voltage row for every phase.
      if (table.part === undefined) return [{ ...head, read: column }];
      return parts.map((part) => ({ ...head, part, read: { ...column, row: { ...column.row, part } } }));
    });
  });
  return [...scalars, ...columns];
}

function scalarRead(point: SnmpProfile['points'][number], fill: Fill): PointRead {
  const { oid, orElse, scaleCells, statusCell, insteadWhile } = point;
  return {
    by: 'oid',
    oid: fill(oid),
    orElse: orElse.map((each) => ({ ...each, oid: fill(each.oid) })),
    scales: scaleCells.map((each) => defined({ ...each, oid: fill(each.oid) })),
    ...(statusCell === undefined ? {} : { status: { ...statusCell, oid: fill(statusCell.oid) } }),
    ...(insteadWhile === undefined ? {} : { instead: { ...insteadWhile, oid: fill(insteadWhile.oid) } }),
  };
}

function tableRead(table: Table, fill: Fill): TableRead {
  const entry = fill(table.entry);
  return {
    group: table.group,
    entry,
    labels: Object.fromEntries(
      Object.entries(table.labels).map(([name, cell]) => [name, cellRef(cell, entry, fill)]),
    ),
    columns: [...new Set(table.points.map(({ column }) => column))],
    ...(table.key === 'index' ? {} : { key: cellRef(table.key, entry, fill) }),
    ...defined({ part: table.part }),
  };
}

function columnRead(table: TableRead, where: readonly Condition[], point: Column, fill: Fill) {
  const { scaleCells, statusCell } = point;
  return {
    by: 'column' as const,
    table,
    column: point.column,
    row: defined({ key: point.row && fill(point.row) }),
    where: where.map((each) => rowCondition(each, table.entry, fill)),
    scales: scaleCells.map((each) =>
      defined({
        kind: each.kind,
        units: each.units,
        absent: each.absent,
        ...beside(each, table.entry, fill),
      }),
    ),
    presence: point.presence === true,
    ...(point.presentWhere === undefined ? {} : { presentWhere: fill(point.presentWhere) }),
    ...(statusCell === undefined
      ? {}
      : { status: { bad: statusCell.bad, ...beside(statusCell, table.entry, fill) } }),
  };
}

function beside(cell: Cell | { readonly oid: string }, own: string, fill: Fill) {
  return 'oid' in cell ? { oid: fill(cell.oid) } : { cell: cellRef(cell, own, fill) };
}

function cellRef({ column, entry, arcs }: Cell, own: string, fill: Fill): CellRef {
  return { entry: entry === undefined ? own : fill(entry), column, ...defined({ arcs }) };
}

function rowCondition(condition: Condition, own: string, fill: Fill): RowCondition {
  const wanted = wantedOf(condition, fill);
  return 'arc' in condition
    ? { arc: condition.arc, ...wanted }
    : { cell: cellRef(condition, own, fill), ...wanted };
}

function wantedOf(condition: Condition, fill: Fill) {
  if ('matches' in condition) return { matches: new RegExp(condition.matches, 'u') };
  return 'isNot' in condition
    ? { isNot: [condition.isNot].flat().map(fill) }
    : { is: [condition.is].flat().map(fill) };
}
