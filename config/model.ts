import type { AlarmAims } from './schema/alarm-aims.ts';
import type { Calendar } from './schema/calendar.ts';
import type {
  DeviceKind,
  FeedName,
  IntervalClass,
  Label,
  Level,
  Position,
  RackFunction,
  RoomKind,
  Unit,
} from './schema/common.ts';
import type { Profile } from './schema/profile.ts';
import type { PeopleModel } from './build/people.ts';
import type { ComplianceCatalogue } from './schema/compliance.ts';
import type { LoadTestProfile } from './schema/loadtest.ts';
import type { SigningModel } from './build/signing.ts';
import type { Privacy } from './schema/privacy.ts';
import type { RecordingEntry } from './schema/recording.ts';
import type { RuleEntry } from './schema/rule.ts';
import type {
  AccessField,
  DeviceRole,
  ModbusAccess,
  Nameplate,
  SerialSettings,
  SnmpAccess,
} from './schema/site.ts';
import type { SiteStandard, Standard } from './schema/standard.ts';
import type { StatutoryReport } from './schema/statutory.ts';
import type { Topology } from './topology/graph.ts';
import type { PointSource, EventRead } from './point-source.ts';

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
  /** Those that the sites' files name, whether a device uses them or not; absent while the field is simulated. */
  readonly brokers?: readonly Broker[];
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
  /** Absent: not configured. */
  readonly nameplate?: Nameplate;
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
