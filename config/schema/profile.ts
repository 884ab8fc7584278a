import { z } from 'zod';
import { deviceKind, durationMs, intervalClass, slug, unit } from './common.ts';
import { parseRange } from './ranges.ts';

/**
 * How a device *model* is read (docs/adding-a-device.md). One file a model; no template language: parts are
 * enumerated or found by index, and what differs by device is overridden in the device's own entry.
 */

const oid = z.string().regex(/^\d+(\.\d+)+$/, 'a dotted OID without a leading dot');
/** An OID of one of several devices behind an agent holds `{instance}` where they differ (see `instances`). */
const instanceOid = z
  .string()
  .regex(
    /^\d+(\.(\d+|\{instance\}))+$/,
    'a dotted OID without a leading dot; it may hold {instance} as an arc',
  );
const expression = z.string().refine(isExpression, 'a regular expression');
function isExpression(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}

/** A raw value as the device says it, or a range of them: `65280..65535`, both ends in it. */
const rawKey = z.string().refine(isRawKey, 'a raw value, or a range "LOW..HIGH" with the lower end first');
function isRawKey(text: string): boolean {
  const range = parseRange(text);
  return range === undefined || range.low <= range.high;
}

/** Why a raw value is not a number; the words are those of a reading's quality. */
const sentinelReason = z.enum(['no-value', 'out-of-range', 'disconnected']);
export type SentinelReason = z.infer<typeof sentinelReason>;

const state = z.union([
  z.string().min(1),
  z.strictObject({
    name: z.string().min(1),
    /** The number stored for this state; needed where the raw value is text. */
    code: z.int().optional(),
    /** A state that says "I measure nothing" is a bad reading, not a value. */
    bad: sentinelReason.optional(),
  }),
]);

/**
 * What turns a raw value into a reading; the same for every protocol. Order: match, octets, signed, sentinel, bits, states,
 * text, scale, unit, plausibility.
 */
const value = {
  quantity: slug,
  unit,
  /** The value is the first group of this regular expression in the raw text; a text that does not match is bad (decode). */
  match: expression.optional(),
  /** The raw value is a string of bytes, most significant first, that are a number (BITS, counters and floats in octets). */
  octets: z.enum(['unsigned', 'signed', 'float']).optional(),
  /** The raw value is unsigned but means two's complement of this width: 65526 of 16 bits is −10. */
  signed: z.union([z.literal(8), z.literal(16), z.literal(32)]).optional(),
  /** Raw value (before scaling) → why it is no value. */
  sentinels: z.record(rawKey, sentinelReason).optional(),
  /** The raw value is text that holds a number ("30 C", "3.14 A"). */
  text: z.literal('number').optional(),
  /** A bit field: the value is `(raw >> shift) & mask`. */
  bits: z
    .strictObject({ shift: z.int().min(0).max(63).default(0), mask: z.int().min(1).default(1) })
    .optional(),
  /** Raw × scale + offset, in `from` if given, else in the canonical unit. */
  scale: z.number().optional(),
  offset: z.number().optional(),
  /** The maker's unit where it is not a factor of ours. */
  from: z.enum(['°F']).optional(),
  /**
   * A power factor of four quadrants in one number: beyond ±1 the current leads, and what is beyond counts back from ±2
   * (1.1 is 0.9 leading). The sign is that of the power; whether it leads is not kept.
   */
  form: z.literal('four-quadrant').optional(),
  /** Raw value or range → name (and code) of the state; only with `unit: state`. A raw value without a name is bad. */
  states: z.record(rawKey, state).optional(),
  /** Limits of plausibility after scaling; outside is bad (out-of-range). */
  plausible: z.tuple([z.number(), z.number()]).optional(),
  /** Counter width, so that a wrap is not read as a fall. */
  counter: z.union([z.literal(32), z.literal(64)]).optional(),
  interval: intervalClass.optional(),
};

/** A cell beside the point's own: in another column of its row, or in another table (`entry`). */
const cell = {
  column: z.int().positive(),
  entry: instanceOid.optional(),
  /** Arcs (from 1) of the row's index that make the index there, where that table is indexed by fewer of them. */
  arcs: z.array(z.int().positive()).min(1).optional(),
};
/** A cell that is no part of a table. */
const scalar = { oid: instanceOid };

/**
 * What another cell says of this value: `digits` n: ÷ 10ⁿ; `power` n: × 10ⁿ; `factor` n: × n; `divisor` n: ÷ n;
 * `signed` −1000: ÷ 1000, 10: × 10. `units`: what the cell says → factor into our unit, or the unit it is in.
 */
const scaleKind = z.enum(['digits', 'power', 'factor', 'divisor', 'signed', 'units']);
export type ScaleKind = z.infer<typeof scaleKind>;
const conversions = z.record(z.string(), z.union([z.number(), z.literal('°F')]));
const scale = { kind: scaleKind, units: conversions.optional() };

/** What another cell says of the worth of this value: its raw value → why this one is none. Anything else is no objection. */
const objection = { bad: z.record(z.string(), sentinelReason) };

/** Only rows of which this is true. */
const condition = z.union([
  z.strictObject({ ...cell, is: z.union([z.string(), z.array(z.string()).min(1)]) }),
  z.strictObject({ ...cell, matches: expression }),
  /** An arc of the row's index, counted from 1. */
  z.strictObject({ arc: z.int().positive(), is: z.union([z.string(), z.array(z.string()).min(1)]) }),
]);
export type Condition = z.infer<typeof condition>;

const snmpPoint = z.strictObject({
  ...value,
  oid: instanceOid,
  scaleCells: z.array(z.strictObject({ ...scalar, ...scale })).default([]),
  statusCell: z.strictObject({ ...scalar, ...objection }).optional(),
});
const snmpColumn = z.strictObject({
  ...value,
  column: z.int().positive(),
  /** Only the row whose key is this (see `key`): the quantity is the row's, not the column's. */
  row: z.string().optional(),
  where: z.array(condition).default([]),
  scaleCells: z.array(z.strictObject({ ...cell, ...scale })).default([]),
  statusCell: z.strictObject({ ...cell, ...objection }).optional(),
  /** The value is whether such a row is there: 1 or 0. For tables of present alarms, whose rows come and go. */
  presence: z.literal(true).optional(),
});
const snmpTable = z.strictObject({
  group: slug,
  /** OID of the table's entry (…Entry), below which stand column and index. */
  entry: instanceOid,
  /** What identifies a row: its index (default) or the text or OID in a column, of this table or of another. */
  key: z.union([z.literal('index'), z.strictObject(cell)]).default('index'),
  /** Only these rows, whatever the point. */
  where: z.array(condition).default([]),
  /** Texts that name rows besides the key: a device's or a bus's name. */
  labels: z.record(slug, z.strictObject(cell)).default({}),
  /**
   * Name of a row's part: text with `{index}`, `{index.N}` (Nth arc), `{index.text}` (an index that spells text), `{name}`
   * (the key) or `{a-label}`. Of rows with the same name the second is `name-2`, in the order of their indices.
   */
  part: z.string().optional(),
  /** The parts a device has unless its entry says otherwise; every part found is read by `probe`. */
  parts: z.array(slug).default([]),
  points: z.array(snmpColumn).min(1),
});

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
  /** For one answer. */
  timeout: durationMs.optional(),
  pauseAfterConnect: durationMs.optional(),
  /** Between an answer and the next request, for slow serial lines. */
  pauseBetween: durationMs.optional(),
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

/** Which message of a topic, and where in it. Topics hold `{topic}` (the device's address) and `{part}`. */
const message = {
  topic: z.string().default('{topic}'),
  /** JSON Pointer (RFC 6901); absent: the whole payload is the value. May hold `{part}`. */
  pointer: z
    .string()
    .regex(/^(\/.*)?$/)
    .optional(),
  /** Only messages whose values at these pointers are these; may hold `{part}`. */
  where: z.record(z.string(), z.string()).optional(),
};
const mqttPoint = z.strictObject({ ...value, ...message });
const mqttGroup = z.strictObject({
  group: slug,
  parts: z.array(slug).default([]),
  points: z.array(mqttPoint).min(1),
});

const head = {
  /** `any`: a generic module; the device entry says what it stands for. */
  kind: z.union([deviceKind, z.literal('any')]),
  maker: z.string().min(1),
  model: z.string().min(1),
  /** Where the map comes from: MIB, manual and page. */
  source: z.string().min(1),
  /** Set while a map was not checked against its maker's own table; shown by `probe` and on the device's page. */
  toBeConfirmed: z.string().optional(),
  interval: intervalClass.default('normal'),
};

const snmpProfile = z.strictObject({
  protocol: z.literal('snmp'),
  ...head,
  identify: z
    .strictObject({
      /** Prefixes of sysObjectID. */
      sysObjectID: z.array(oid).default([]),
      /** Regular expressions over sysDescr. */
      sysDescr: z.array(z.string()).default([]),
      /** OIDs below which something answers: the surest sign. */
      answers: z.array(oid).default([]),
    })
    .optional(),
  /** Several devices of this model behind one agent; a device's entry says which (`instance`). */
  instances: z
    .strictObject({
      /** The rows below this OID are the devices there are. */
      below: oid,
      /** Arcs (from 1) of those rows that make an instance; absent: all. */
      arcs: z.array(z.int().positive()).min(1).optional(),
      /** The one that is read where no other is named. */
      default: z.string().regex(/^\d+(\.\d+)*$/, 'dotted arcs'),
    })
    .optional(),
  points: z.array(snmpPoint).default([]),
  tables: z.array(snmpTable).default([]),
});

const modbusProfile = z.strictObject({
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
  points: z.array(modbusPoint).default([]),
  groups: z.array(modbusGroup).default([]),
  fields: z.array(modbusFields).default([]),
  /** Terminals of a generic I/O module; a device entry says what each measures. */
  inputs: z.record(slug, z.strictObject(register)).default({}),
});

const mqttProfile = z.strictObject({
  protocol: z.literal('mqtt'),
  ...head,
  /** Where the message says when it was measured, and in what form. Absent: the time of arrival. */
  time: z
    .strictObject({
      pointer: z.string(),
      format: z.enum(['iso', 'epoch-ms', 'epoch-s', 'local', 'abbreviated-zone']),
    })
    .optional(),
  /** The last-will topic, with the bare payloads it carries. */
  availability: z.strictObject({ topic: z.string(), online: z.string(), offline: z.string() }).optional(),
  /** A device that said nothing for this long is lost. Events-only devices name their heartbeat. */
  silentAfter: durationMs,
  points: z.array(mqttPoint).default([]),
  groups: z.array(mqttGroup).default([]),
  inputs: z.record(slug, z.strictObject(message)).default({}),
});

export const profileSchema = z.discriminatedUnion('protocol', [snmpProfile, modbusProfile, mqttProfile]);

/** A profile with its name: its path below `config/profiles`, without the ending, e.g. `pdu/apc-rpdu2`. */
export type Profile = z.infer<typeof profileSchema> & { name: string };
export type SnmpProfile = z.infer<typeof snmpProfile> & { name: string };
export type ModbusProfile = z.infer<typeof modbusProfile> & { name: string };
export type MqttProfile = z.infer<typeof mqttProfile> & { name: string };
export type Protocol = Profile['protocol'];

/** What a device entry says of one input of a generic profile. */
export const inputPointSchema = z.strictObject({ ...value, part: slug.optional(), input: slug });
export type InputPoint = z.infer<typeof inputPointSchema>;

/** The part of a point's entry that decoding needs, whatever the protocol. */
export const valueSpecSchema = z.object(value);
export type ValueSpec = z.infer<typeof valueSpecSchema>;
