import type { PointRead } from '../model.ts';
import type { ModbusProfile } from '../schema/profile.ts';
import { inputReads } from './input-reads.ts';
import type { PlannedRead, ReadOptions } from './reads.ts';

type Register = ModbusProfile['inputs'][string];
type Fields = ModbusProfile['fields'][number];
const registerBits = 16;

export function modbusReads(profile: ModbusProfile, options: ReadOptions): PlannedRead[] {
  const { modbus } = options;
  const register = (point: Register, offset: number): PointRead => ({
    by: 'register',
    function: point.function ?? profile.modbus.function,
    address: point.address + offset + (modbus?.addressOffset ?? 0),
    type: point.type,
    order: modbus?.order ?? point.order ?? profile.modbus.order,
  });
  const plain = profile.points.map((point) => ({
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
