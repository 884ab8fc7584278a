import { z } from 'zod';
import { durationBetween, slug } from '../common.ts';
import { head, ownPart, value } from './value.ts';

const modbusType = z.enum([
  'u16',
  's16',
  'u32',
  's32',
  'u64',
  's64',
  'f32',
  'f64',
  'u8-high',
  'u8-low',
  'bit',
]);
export type ModbusType = z.infer<typeof modbusType>;
/** How many 16-bit registers a value of each type takes. */
export const registersByType = {
  u16: 1, s16: 1, 'u8-high': 1, 'u8-low': 1, bit: 1, u32: 2, s32: 2, f32: 2, u64: 4, s64: 4, f64: 4,
} as const satisfies Record<ModbusType, number>; // prettier-ignore
const modbusFunction = z.enum(['holding', 'input', 'coil', 'discrete']);
export type ModbusFunction = z.infer<typeof modbusFunction>;
const register = {
  function: modbusFunction.optional(),
  /** 0-based protocol address. */
  address: z.int().min(0).max(65_535),
  type: modbusType.default('u16'),
  order: z.enum(['big', 'little-word']).optional(),
};
/** How patient one must be. What several devices behind one gateway ask for: the longest pause. */
export const modbusPace = {
  /** For one answer; a whole poll ends with its interval, after 5 s at the latest and 1 s at the earliest. */
  timeout: durationBetween('10ms', '60s').optional(),
  pauseAfterConnect: durationBetween('0s', '60s').optional(),
  /** Between an answer and the next request, for slow serial lines. */
  pauseBetween: durationBetween('0s', '60s').optional(),
};
const modbusPoint = z.strictObject({ ...value, ...register });
const { bits: _place, ...fieldValue } = value;
/** A row of registers that hold many small fields, each with a name: alarms by bit, or by nibble. */
const modbusFields = z.strictObject({
  ...fieldValue,
  group: slug,
  function: modbusFunction.optional(),
  /** Of the first register, 0-based. */
  address: register.address,
  /** Bits of a field. */
  width: z.union([z.literal(1), z.literal(2), z.literal(4), z.literal(8)]),
  /** Which end of a register the first field stands at. */
  first: z.enum(['high', 'low']),
  /** The fields' parts in the order they stand, register after register; null: a field nobody wants. */
  parts: z.array(slug.nullable()).min(1),
});
const modbusGroup = z.strictObject({
  group: slug,
  /** Part → what is added to every address of the group. */
  parts: z.record(slug, z.int().min(0)),
  points: z.array(modbusPoint).min(1),
});

export const modbusProfile = z.strictObject({
  protocol: z.literal('modbus'),
  ...head,
  modbus: z
    .strictObject({
      function: modbusFunction.default('holding'),
      order: z.enum(['big', 'little-word']).default('big'),
      /** Registers in one request, at most. */
      maxRegisters: z.int().min(1).max(125).default(120),
      /** Undefined registers between two wanted ones that one request may cross; 0: never cross a hole. */
      maxGap: z.int().min(0).default(8),
      ...modbusPace,
    })
    .prefault({}),
  points: z.array(modbusPoint.extend({ part: ownPart })).default([]),
  groups: z.array(modbusGroup).default([]),
  fields: z.array(modbusFields).default([]),
  /** Terminals of a generic I/O module; a device entry says what each measures. */
  inputs: z.record(slug, z.strictObject(register)).default({}),
});
