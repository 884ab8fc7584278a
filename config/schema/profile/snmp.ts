import { z } from 'zod';
import { factor, slug } from '../common.ts';
import { expression, head, ownPart, sentinelReason, value } from './value.ts';

const oid = z.string().regex(/^\d+(\.\d+)+$/, 'a dotted OID without a leading dot');
/** An OID of one of several devices behind an agent holds `{instance}` where they differ (see `instances`). */
const instanceOid = z
  .string()
  .regex(
    /^\d+(\.(\d+|\{instance\}))+$/,
    'a dotted OID without a leading dot; it may hold {instance} as an arc',
  );
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
 * What another cell says about this value: `digits` n: ÷ 10ⁿ; `power` n: × 10ⁿ; `factor` n: × n; `divisor` n: ÷ n;
 * `signed` −1000: ÷ 1000, 10: × 10. `units`: what the cell says → factor into our unit, or the unit it is in. `absent`: what
 * holds where an agent does not have the cell, if its MIB reports it; without it the value is then none.
 */
const scaleKind = z.enum(['digits', 'power', 'factor', 'divisor', 'signed', 'units']);
export type ScaleKind = z.infer<typeof scaleKind>;
const converted = z.union([z.number(), z.literal('°F')]);
const scale = {
  kind: scaleKind,
  units: z.record(z.string(), converted).optional(),
  absent: converted.optional(),
};

/** What another cell says about the worth of this value: its raw value → why this one is none. Anything else is no objection. */
const objection = { bad: z.record(z.string(), sentinelReason) };

/**
 * A state that takes two cells to tell: while the other cell says one of `is`, a value that is one of `of` counts as `raw`. A UPS on
 * its battery is under test while its test is in progress.
 */
const insteadWhile = z.strictObject({
  ...scalar,
  is: z.array(z.string()).min(1),
  of: z.array(z.string()).min(1),
  raw: z.string(),
});

/** Only rows of which this is true. */
const condition = z.union([
  z.strictObject({ ...cell, is: z.union([z.string(), z.array(z.string()).min(1)]) }),
  /** Rows without the cell are no such rows, and are taken. */
  z.strictObject({ ...cell, isNot: z.union([z.string(), z.array(z.string()).min(1)]) }),
  z.strictObject({ ...cell, matches: expression }),
  /** An arc of the row's index, counted from 1. */
  z.strictObject({ arc: z.int().positive(), is: z.union([z.string(), z.array(z.string()).min(1)]) }),
  z.strictObject({ arc: z.int().positive(), isNot: z.union([z.string(), z.array(z.string()).min(1)]) }),
]);
export type Condition = z.infer<typeof condition>;

/** A cell of the row, or a scalar that holds for the whole table. */
const anyCell = <Shape extends z.ZodRawShape>(more: Shape) =>
  z.union([z.strictObject({ ...cell, ...more }), z.strictObject({ ...scalar, ...more })]);

const snmpPoint = z.strictObject({
  ...value,
  part: ownPart,
  oid: instanceOid,
  /** Where the value stands on models that lack `oid`, in order of preference; `scale` is that of this place. */
  orElse: z.array(z.strictObject({ oid: instanceOid, scale: factor.default(1) })).default([]),
  scaleCells: z.array(z.strictObject({ ...scalar, ...scale })).default([]),
  statusCell: z.strictObject({ ...scalar, ...objection }).optional(),
  insteadWhile: insteadWhile.optional(),
});
const snmpColumn = z.strictObject({
  ...value,
  column: z.int().positive(),
  /** Only the row whose key is this (see `key`): the quantity is the row's, not the column's. */
  row: z.string().optional(),
  where: z.array(condition).default([]),
  scaleCells: z.array(anyCell(scale)).default([]),
  statusCell: anyCell(objection).optional(),
  /** The value is whether such a row is there: 1 or 0. For tables of present alarms, whose rows come and go. */
  presence: z.literal(true).optional(),
  /** Never without it: where the agent counts the rows of that table. Without the count, or with rows counted and none listed, an absent row says nothing. */
  presentWhere: instanceOid.optional(),
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
   * Name of a row's part: text with `{index}`, `{index.N}` (Nth arc), `{index.last}`, `{index.text}` (an index that spells text), `{name}`
   * (the key) or `{a-label}`. Of rows with the same name the second is `name-2`, in the order of their indices.
   */
  part: z.string().optional(),
  /** The parts a device has unless its entry says otherwise; every part found is read by `probe`. */
  parts: z.array(slug).default([]),
  points: z.array(snmpColumn).min(1),
});

const trapSet = {
  quantity: slug,
  /** Where the quantity belongs to parts: literally; absent: see `row`. */
  part: slug.optional(),
  /** The varbind (or the one below) whose value is the row's {index} or {name}; absent: the index behind `from`. */
  row: instanceOid.optional(),
};
/** What a trap (or inform) of the device reports; whatever it says, a poll of the device follows at once. */
const trapEntry = z.strictObject({
  /** Its snmpTrapOID, or several; of v1: enterprise.0.specific, or 1.3.6.1.6.3.1.1.5.N of a generic one (RFC 3584, 3.1). */
  trap: z.union([oid, z.array(oid).min(1)]),
  /** Points that it sets at once, from raw values as a reading would bring them. */
  sets: z
    .array(
      z.union([
        z.strictObject({ ...trapSet, value: z.union([z.number(), z.string()]) }),
        /** The varbind of this OID, or the one below it. */
        z.strictObject({ ...trapSet, from: instanceOid }),
      ]),
    )
    .default([]),
});
export type TrapEntry = z.infer<typeof trapEntry>;

export const snmpProfile = z.strictObject({
  protocol: z.literal('snmp'),
  ...head,
  identify: z
    .strictObject({
      /** Prefixes of sysObjectID. */
      sysObjectID: z.array(oid).default([]),
      /** Regular expressions over sysDescr. */
      sysDescr: z.array(expression).default([]),
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
  /** Any other trap of the device only asks for a poll. */
  traps: z.array(trapEntry).default([]),
});
