import type {
  ModbusFunction,
  ModbusType,
  MqttProfile,
  ScaleKind,
  SentinelReason,
  ValueSpec,
} from './schema/profile.ts';
import type { CollectorFigure, DeviceFigure } from './schema/diagnostics.ts';

/** Where a point's value comes from. */
export type PointSource =
  | {
      readonly from: 'device';
      readonly read: PointRead;
      readonly value: ValueSpec;
      /** Name of the profile that it is read by, where that is not the device's own. */
      readonly by?: string;
    }
  | { readonly from: 'link' }
  /** Made by the collector: how a device answers it, and how it does itself. */
  | { readonly from: 'diagnostics'; readonly figure: DeviceFigure }
  | { readonly from: 'collector'; readonly figure: CollectorFigure }
  /** Produced by the server itself: contact with the collectors. */
  | { readonly from: 'server' }
  | { readonly from: 'formula'; readonly formula: Formula };

/** A table as one device has it; points of one table share the object. */
export interface TableRead {
  readonly group: string;
  /** With the device's instance filled in. */
  readonly entry: string;
  /** Absent: a row is its index. */
  readonly key?: CellRef;
  readonly labels: Readonly<Record<string, CellRef>>;
  readonly part?: string;
  /** Columns of the points, by which rows are found where there is no key column. */
  readonly columns: readonly number[];
}

/** A cell of a table, where it describes a row: in the row's own table, or another one indexed by these arcs of its index. */
export interface CellRef {
  readonly entry: string;
  readonly column: number;
  /** Counted from 1; absent: the whole index. */
  readonly arcs?: readonly number[];
}

/** A cell of the row, or a scalar. */
type BesideRef = { readonly cell: CellRef } | { readonly oid: string };

/** What must be true of a row: of a cell's text, or of an arc of its index (counted from 1). */
export type RowCondition = ({ readonly cell: CellRef } | { readonly arc: number }) &
  ({ readonly is: readonly string[] } | { readonly isNot: readonly string[] } | { readonly matches: RegExp });

interface ScaleSpec {
  readonly kind: ScaleKind;
  readonly units?: Readonly<Record<string, number | '°F'>>;
  /** What holds where the agent does not have the cell. */
  readonly absent?: number | '°F';
}
interface StatusSpec {
  readonly bad: Readonly<Record<string, SentinelReason>>;
}

interface InsteadSpec {
  readonly oid: string;
  readonly is: readonly string[];
  readonly of: readonly string[];
  readonly raw: string;
}

export type PointRead =
  | {
      readonly by: 'oid';
      readonly oid: string;
      /** Where the value is found on models that lack the OID, and its scale there. */
      readonly orElse: readonly { readonly oid: string; readonly scale: number }[];
      readonly scales: readonly (ScaleSpec & { readonly oid: string })[];
      readonly status?: StatusSpec & { readonly oid: string };
      /** While the cell at `oid` says one of `is`, a value that is one of `of` counts as `raw`. */
      readonly instead?: InsteadSpec;
    }
  | {
      readonly by: 'column';
      readonly table: TableRead;
      readonly column: number;
      /** The row by the name of its part, by its key, or by both where neither alone names it. */
      readonly row: { readonly part?: string; readonly key?: string };
      /** Of the table and of the point. */
      readonly where: readonly RowCondition[];
      readonly scales: readonly (ScaleSpec & BesideRef)[];
      readonly status?: StatusSpec & BesideRef;
      /** The value is whether the row is there. */
      readonly presence: boolean;
      /** Without an answer here, an absent row is not conclusive. */
      readonly presentWhere?: string;
    }
  | {
      readonly by: 'register';
      readonly function: ModbusFunction;
      readonly address: number;
      readonly type: ModbusType;
      readonly order: 'big' | 'little-word';
    }
  | {
      readonly by: 'message';
      /** Topic with `{topic}` and `{part}` filled in. */
      readonly topic: string;
      readonly pointer?: string;
      readonly where: readonly Where[];
      /** Text at a pointer of the same message → factor, or the unit the value is in. */
      readonly unitCell?: {
        readonly pointer: string;
        readonly units: Readonly<Record<string, number | '°F'>>;
      };
    }
  | {
      readonly by: 'metric';
      /** Full name as in the birth message, with `{part}` filled in. */
      readonly metric: string;
    };

/** An event in a message; pointers are JSON Pointers. */
export interface EventRead {
  /** Over MQTT; empty for what is pushed. */
  readonly topic: string;
  /** The part that the topic stands for. */
  readonly part?: string;
  /** Where the message itself names the part, and which parts there are. */
  readonly partAt?: {
    readonly pointer: string;
    readonly prefix: string;
    readonly default?: string;
    readonly parts: readonly string[];
  };
  readonly each?: string;
  readonly where: readonly EventWhere[];
  readonly id: readonly string[];
  /** The numbers may begin again: the source time is part of the id. */
  readonly restarts: boolean;
  readonly time?: NonNullable<MqttProfile['time']>;
  readonly kinds: readonly {
    readonly kind: string;
    readonly where: readonly EventWhere[];
    readonly set: Readonly<Record<string, string>>;
  }[];
  readonly attributes: readonly EventAttributeRead[];
}

interface EventAttributeRead {
  readonly name: string;
  readonly pointer: string;
  readonly codes: Readonly<Record<string, string>>;
  readonly absent: readonly string[];
}

interface EventWhere {
  readonly pointer: string;
  /** Texts, and ranges `LOW..HIGH`. */
  readonly oneOf: readonly string[];
}

interface Where {
  readonly pointer: string;
  readonly equals: string;
}

/** Inputs are point indices, always lower than the index of the point that holds the formula. */
export type Formula =
  /** Whole or no value: every input must have one. */
  | ({ readonly kind: 'sum'; readonly inputs: readonly number[] } & Consistency)
  | {
      readonly kind: 'min' | 'max' | 'mean';
      readonly inputs: readonly number[];
      /** Share of the inputs that must have a value, 0 … 1: fewer is no value, fewer than all is uncertain (partial). */
      readonly needs: number;
    }
  | { readonly kind: 'dew-point'; readonly temperature: number; readonly humidity: number }
  /** How many units are in the states that their conditions name. */
  | {
      readonly kind: 'count';
      readonly units: readonly CountedUnit[];
      /**
       * What a unit of unknown state counts as; the result is uncertain (partial). `in` where few is a disturbance and `out` where
       * many is: so a rule is raised only by what is disturbed whatever the unknown ones are.
       */
      readonly unknown: 'in' | 'out';
    }
  /** How many units of a capacity carry the sum of the loads. A load without a value is left out: uncertain (partial), at least so many. */
  | { readonly kind: 'units-needed'; readonly loads: readonly number[]; readonly capacity: number }
  | { readonly kind: 'difference'; readonly of: number; readonly less: number }
  /** Of a load that a number of units divide evenly; no value while there is none. */
  | { readonly kind: 'share'; readonly of: number; readonly among: number }
  /** How many inputs a source answered for, with nothing that can be believed. `absent`: also those it left out of its answer. */
  | { readonly kind: 'unusable'; readonly inputs: readonly number[]; readonly absent: boolean }
  /** How fast a value rises, per hour: the slope of the best line through a window of its past. */
  | { readonly kind: 'rise'; readonly of: number; readonly windowMs: number }
  /** A value while a condition holds; while it does not, the last one stands. */
  | { readonly kind: 'while'; readonly value: number; readonly condition: Condition }
  | ({
      /** Seconds the gensets run on the fuel at hand (BAB IV.6). */
      readonly kind: 'endurance';
      /** Tank levels, L. */
      readonly tanks: readonly number[];
      readonly gensets: readonly {
        readonly power: number;
        readonly fuelRate?: number;
        readonly ratedKw: number;
        readonly fuelCurve: readonly { readonly load: number; readonly litresPerHour: number }[];
      }[];
      /** What the PLN incomers deliver, kW. */
      readonly load: readonly number[];
      /** What the UPSs put out, kW: at least that much has to be carried, also while no source delivers. */
      readonly distribution: readonly number[];
    } & Consistency);

/** A point of unit `state` in one of these states. */
interface Condition {
  readonly point: number;
  readonly codes: readonly number[];
}

/** One of several things of a kind, and when it counts. */
export interface CountedUnit {
  /** All of them must hold. */
  readonly is: readonly Condition[];
  /** None of them may hold; one that is not known rules nothing out, since controllers leave out what they do not have. */
  readonly isNot: readonly Condition[];
}

/** How far apart in time the inputs of one sum may have been read. */
interface Consistency {
  /** Share by which the sum may move from one reading to the next before all inputs must have been read again. */
  readonly step: number;
  /** The longest that the sum waits for that, and the greatest difference between the times of two inputs. */
  readonly skewMs: number;
}
