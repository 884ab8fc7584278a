import type { AlarmAims } from './schema/alarm-aims.ts';
import type { Calendar } from './schema/calendar.ts';
import type {
  DeviceKind, FeedName, IntervalClass, Label, Level, Position, RackFunction, RoomKind, Unit,
} from './schema/common.ts'; // prettier-ignore
import type {
  ModbusFunction, ModbusType, MqttProfile, Profile, ScaleKind, SentinelReason, ValueSpec,
} from './schema/profile.ts'; // prettier-ignore
import type { CollectorFigure, DeviceFigure } from './schema/diagnostics.ts';
import type { PeopleModel } from './build/people.ts';
import type { ComplianceCatalogue } from './schema/compliance.ts';
import type { LoadTestProfile } from './schema/loadtest.ts';
import type { SigningModel } from './build/signing.ts';
import type { Privacy } from './schema/privacy.ts';
import type { RecordingEntry } from './schema/recording.ts';
import type { RuleEntry } from './schema/rule.ts';
import type { AccessField, DeviceRole, ModbusAccess, SerialSettings, SnmpAccess } from './schema/site.ts';
import type { SiteStandard, Standard } from './schema/standard.ts';
import type { StatutoryReport } from './schema/statutory.ts';
import type { Topology } from './topology/graph.ts';

/**
 * What is monitored, expanded from the files and checked: every rack, device and point by name, every point with a
 * dense index (0 … points.length − 1). Built once at load, never changed; hot paths keep arrays over the index.
 */
export interface Model {
  readonly field: 'simulated' | 'real';
  readonly intervalsMs: Readonly<Record<IntervalClass, number>>;
  /** Where SNMP traps are received. */
  readonly traps?: { readonly port: number; readonly host?: string };
  readonly standard: Standard;
  /** Whether a time to resolve may be paused; absent: it may not. */
  readonly sla?: { readonly pauses: boolean };
  /** Which readings are stored only when they change; absent: none. */
  readonly recording?: readonly RecordingEntry[];
  /** How long readings are kept, ms; absent: as the schema's defaults say. */
  readonly history?: { readonly retention: Readonly<Record<'raw' | '1m' | '1h' | '1d' | 'pinned', number>> };
  /** How reports are signed beside the signature in the application; absent: in no other way. */
  readonly signing?: SigningModel;
  /** How long personal data is kept, ms; absent: as the schema's defaults say. */
  readonly privacy?: Privacy;
  readonly calendars: readonly Calendar[];
  /** Reports on an incident that laws ask for. */
  readonly statutory?: readonly StatutoryReport[];
  /** What a healthy alarm system looks like. */
  readonly alarmAims: AlarmAims;
  /** What a site has to hold by the standard, and how it is proven; absent: nobody says. */
  readonly compliance?: ComplianceCatalogue;
  /** How load tests are recognised and judged; absent: they are not. */
  readonly loadTest?: LoadTestProfile;
  /** Who is paged; absent: nobody. */
  readonly people?: PeopleModel;
  readonly rules: readonly RuleEntry[];
  /** By name: those of the devices, and the installation's own. */
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly sites: readonly Site[];
  readonly rooms: readonly Room[];
  readonly racks: readonly Rack[];
  readonly devices: readonly Device[];
  readonly points: readonly Point[];
  /** By point id, `site/owner[/part]/quantity`. */
  readonly pointById: ReadonlyMap<string, Point>;
  /** By `site/device`. */
  readonly deviceById: ReadonlyMap<string, Device>;
  /** What supplies, cools, carries and contains what. */
  readonly topology: Topology;
  /** What is on either side of each door; absent: nothing is known of doors. */
  readonly doors?: readonly Door[];
}

/** A door that leads into a room. */
export interface Door {
  /** `site/device/part`, or `site/device` where the device is one door. */
  readonly key: string;
  readonly site: string;
  readonly device: string;
  readonly part?: string;
  /** Rooms of the site; null is outside. Whoever is let in goes from the one to the other. */
  readonly from: string | null;
  readonly to: string | null;
  readonly isMantrap: boolean;
}

export interface Site {
  readonly id: string;
  readonly name: string;
  readonly building: string;
  readonly standard: SiteStandard;
  readonly impact: Level;
  /** Polled by the server's own process, or by one elsewhere that sends its readings. */
  readonly collector: 'local' | 'remote';
  /** What its access tickets hold beside the particulars of the catalogue; absent: nothing. */
  readonly accessFields?: readonly AccessField[];
  /** What the panels behind the UPSs may carry; absent: not configured. */
  readonly panels?: Readonly<Partial<Record<FeedName, { readonly kw: number }>>>;
}

export interface Service {
  readonly service: string;
  readonly name: string;
  readonly criticality: Level;
}

export interface Room {
  /** `site/room`. */
  readonly key: string;
  readonly id: string;
  readonly site: string;
  readonly kind: RoomKind;
  readonly name: Label;
  readonly services: readonly Service[];
}

export interface Rack {
  /** `site/rack-a01`. */
  readonly key: string;
  readonly id: string;
  readonly site: string;
  readonly room: string;
  readonly row: string;
  readonly number: number;
  /** As people write it: `A-01`. */
  readonly label: string;
  readonly function: RackFunction;
  /** What each feed may carry, and A + B together (BAB IV.2), kW. */
  readonly limitKw: number;
  /** Of its feeds, A a phase; absent: not configured. */
  readonly breakers?: Readonly<
    Partial<Record<FeedName, { readonly amps: number; readonly assumed?: true | undefined }>>
  >;
}

export interface Broker {
  /** `site/broker`. */
  readonly key: string;
  readonly url: string;
  readonly user?: string;
  readonly password?: string;
  /** Absent: 5 where the broker knows it, else 3.1.1. */
  readonly version?: '3.1.1' | '5';
  readonly tls?: BrokerTls;
  /** False: edge nodes (Sparkplug) are never asked to publish everything again. */
  readonly rebirth?: boolean;
}

/** Paths are absolute. */
export interface BrokerTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: { readonly file: string } | { readonly pem: string };
  readonly servername?: string;
}

/** A serial line of this machine, and how the bytes stand on it. */
export interface SerialLine extends SerialSettings {
  /** Absolute, best below /dev/serial/by-id. */
  readonly path: string;
}

export type Address =
  | { readonly protocol: 'snmp'; readonly host: string; readonly port: number; readonly access: SnmpAccess }
  | {
      readonly protocol: 'modbus';
      readonly host: string;
      readonly port: number;
      readonly unit: number;
      /** The site's settings for its connection. */
      readonly access?: ModbusAccess;
    }
  | {
      readonly protocol: 'modbus';
      /** On the machine that polls it. */
      readonly line: SerialLine;
      readonly unit: number;
      readonly access?: ModbusAccess;
    }
  | { readonly protocol: 'mqtt'; readonly broker: Broker; readonly topic: string }
  | {
      readonly protocol: 'push';
      /** How the sender names itself: the serial number of a terminal, the last segment of a webhook's address. */
      readonly sender: string;
      /** The secret it shares with us; absent: it cannot prove who it is, and is refused. */
      readonly key?: string;
    };

export interface Rating {
  readonly kw?: number;
  readonly kva?: number;
  readonly litres?: number;
  readonly fuelCurve?: readonly { readonly load: number; readonly litresPerHour: number }[];
  /** Of a UPS: share of nameplate kW → minutes on a full battery. */
  readonly batteryCurve?: readonly { readonly load: number; readonly minutes: number }[];
  readonly neededAutonomyMs?: number;
  /** By quantity, or part/quantity. */
  readonly limits?: Readonly<Record<string, MakerLimits>>;
}

/** What the maker of a device allows. */
interface MakerLimits {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

export interface Completion {
  readonly profile: Profile;
  /** Quantities, or part/quantity, taken from it although the device's own profile has them. */
  readonly instead: readonly string[];
}

export interface Device {
  /** `site/device`. */
  readonly key: string;
  readonly id: string;
  readonly site: string;
  readonly kind: DeviceKind;
  readonly profile: Profile;
  /** Profiles that the same agent answers, for what its own lacks; absent: none. */
  readonly completedBy?: readonly Completion[];
  readonly address: Address;
  readonly name?: Label;
  readonly room: string;
  readonly rack?: string;
  readonly feed?: FeedName;
  readonly position?: Position;
  readonly role?: DeviceRole;
  readonly rating: Rating;
  readonly interval: IntervalClass;
  /** Which of several devices behind one SNMP agent it is. */
  readonly instance?: string;
  /** What is read from it; link and diagnostics are not among them. */
  readonly points: readonly Point[];
  /** What happens at it and is no number; absent: nothing is read. */
  readonly events?: readonly EventRead[];
  /** Derived by the collector: 1 answering, 0 lost. */
  readonly link: Point;
  /** How it answers, by its collector (`schema/diagnostics`). */
  readonly diagnostics: readonly Point[];
}

export interface Point {
  readonly index: number;
  readonly id: string;
  readonly site: string;
  readonly owner: { readonly kind: 'device' | 'rack' | 'room' | 'site'; readonly id: string };
  readonly part?: string;
  readonly quantity: string;
  readonly unit: Unit;
  readonly room?: string;
  readonly rack?: string;
  readonly feed?: FeedName;
  /** The device that measures it; absent for derived points of racks, rooms and sites. */
  readonly device?: string;
  readonly kind?: DeviceKind;
  readonly position?: Position;
  readonly role?: DeviceRole;
  /** Code → name; only with unit `state`. */
  readonly states?: ReadonlyMap<number, string>;
  /** Code → the maker's word for it, where the profile names the state otherwise. */
  readonly words?: ReadonlyMap<number, string>;
  readonly intervalMs: number;
  /** A good value older than this is stale. */
  readonly staleAfterMs: number;
  readonly source: PointSource;
}

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
