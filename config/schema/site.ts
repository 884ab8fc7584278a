import { z } from 'zod';
import {
  deviceKind, durationBetween, factor, feedName, intervalClass, label, level, limits, position, rackFunction, roomKind, secret, slug,
} from './common.ts'; // prettier-ignore
import { inputPointSchema, modbusPace } from './profile.ts';

/** A pattern over `{row}`, `{rowNumber}`, `{number}`, `{rack}` and `{feed}`; `{row}`, `{rack}` and `{feed}` in lower case. */
const pattern = z.string().min(1);

/** `HOST[:PORT]` for SNMP, `HOST[:PORT][/UNIT]` for Modbus, a topic for MQTT. */
const address = z.string().min(1);

/** What an agent can take, where it is less than others; what is not said is found out while it is read. */
const snmpPace = {
  /** For one attempt at one request. */
  timeout: durationBetween('100ms', '30s').optional(),
  /** Attempts after the first that stays silent. */
  retries: z.int().min(0).max(5).optional(),
  /** OIDs in one GET at most. */
  maxVarbinds: z.int().min(1).max(100).optional(),
};

export const snmpAccessSchema = z.discriminatedUnion('version', [
  z.strictObject({
    version: z.literal('1'),
    community: z.string().min(1).default('public'),
    ...snmpPace,
  }),
  z.strictObject({
    version: z.literal('2c'),
    community: z.string().min(1).default('public'),
    ...snmpPace,
  }),
  z
    .strictObject({
      version: z.literal('3'),
      ...snmpPace,
      user: z.string().min(1),
      auth: z
        .strictObject({
          protocol: z.enum(['md5', 'sha', 'sha224', 'sha256', 'sha384', 'sha512']),
          key: secret,
        })
        .optional(),
      priv: z
        .strictObject({ protocol: z.enum(['des', 'aes', 'aes256b', 'aes256r']), key: secret })
        .optional(),
    })
    .refine(({ auth, priv }) => auth !== undefined || priv === undefined, {
      path: ['auth'],
      error: 'a protocol and key, since "priv" needs "auth"',
    }),
]);
export type SnmpAccess = z.infer<typeof snmpAccessSchema>;

/** How the bytes stand on a serial line; RTU has always eight data bits. The same for all units of a line. */
export const serialSettings = z.strictObject({
  baudRate: z.literal([1_200, 2_400, 4_800, 9_600, 19_200, 38_400, 57_600, 115_200]).default(9_600),
  parity: z.enum(['none', 'even', 'odd']).default('none'),
  stopBits: z.literal([1, 2]).default(1),
});
export type SerialSettings = z.infer<typeof serialSettings>;
/** What most meters leave the factory with. */
export const usualSerial: SerialSettings = serialSettings.parse({});

/** The way to a Modbus device, where it differs from what its profile says. */
const modbusAccess = z.strictObject({
  /** Of a line on this machine (address /dev/…/UNIT). */
  serial: serialSettings.optional(),
  /** `rtu`: a serial gateway that passes RTU frames through TCP as they are; the same for all units behind it. */
  framing: z.enum(['tcp', 'rtu']).optional(),
  /** Which word of a value comes first, against the profile and all its points: many devices can be set either way. */
  order: z.enum(['big', 'little-word']).optional(),
  /** Added to every address of the profile: −1 or 1 where this device counts from 0 and its profile from 1, or the other way round. */
  addressOffset: z.int().min(-1).max(1).optional(),
  ...modbusPace,
});
export type ModbusAccess = z.infer<typeof modbusAccess>;

/** A change to what the profile says, for this device alone: maker's unit, a doubtful state. */
const override = z.strictObject({
  scale: factor.optional(),
  offset: z.number().optional(),
  plausible: limits.optional(),
});

/** Nameplate figures that derived points and rules need. */
const rating = z.strictObject({
  kw: z.number().positive().optional(),
  kva: z.number().positive().optional(),
  litres: z.number().positive().optional(),
  /** Fuel at load: share of nameplate kW → L/h, ascending. */
  fuelCurve: z
    .array(z.strictObject({ load: z.number().min(0), litresPerHour: z.number().positive() }))
    .min(2)
    .refine(
      (curve) => curve.every(({ load }, at) => at === 0 || load > (curve[at - 1]?.load ?? 0)),
      'loads in ascending order',
    )
    .optional(),
  /** Of a UPS, by the maker: share of nameplate kW → minutes on a full battery, ascending. */
  batteryCurve: z
    .array(z.strictObject({ load: z.number().positive(), minutes: z.number().positive() }))
    .min(2)
    .refine(
      (curve) => curve.every(({ load }, at) => at === 0 || load > (curve[at - 1]?.load ?? 0)),
      'loads in ascending order',
    )
    .refine(
      (curve) => curve.every(({ minutes }, at) => at === 0 || minutes < (curve[at - 1]?.minutes ?? 0)),
      'fewer minutes at more load',
    )
    .optional(),
  /** Autonomy the site needs of a UPS for genset start and transfer. */
  neededAutonomy: durationBetween('1s', '1d').optional(),
  /** The maker's limits, by quantity or part/quantity, in the point's unit: rules with `maker` judge by them. */
  limits: z
    .record(
      z.string(),
      z
        .strictObject({ min: z.number().optional(), max: z.number().optional() })
        .refine(({ min, max }) => min !== undefined || max !== undefined, 'a "min" or a "max"')
        .refine(({ min, max }) => min === undefined || max === undefined || min < max, '"min" below "max"'),
    )
    .optional(),
});

/** What is on the plate of a machine beside its ratings, as a signed report names it. */
const nameplate = z.strictObject({
  maker: z.string().trim().min(1).max(80).optional(),
  model: z.string().trim().min(1).max(80).optional(),
  serial: z.string().trim().min(1).max(80).optional(),
  /** cos φ at which kW and kVA are rated. */
  powerFactor: z.number().positive().max(1).optional(),
  /** What a genset is rated for (ISO 8528-1): BAB IV.6 asks for prime. */
  duty: z.enum(['prime', 'standby', 'continuous']).optional(),
});
export type Nameplate = z.infer<typeof nameplate>;

/** Of `mqtts://` brokers. Files are PEM, relative to the configuration's folder. The broker is always verified. */
const brokerTls = z.strictObject({
  /** Who signed the broker's certificate, or that certificate itself; absent: the authorities that Node knows. */
  ca: z.string().min(1).optional(),
  /** A client certificate with its key, where the broker asks for one. */
  cert: z.string().min(1).optional(),
  key: z.union([z.string().min(1), secret]).optional(),
  /** The name in the broker's certificate, where it is not the host of the URL. */
  servername: z.string().min(1).optional(),
});

function hasHostAlone(text: string): boolean {
  if (!URL.canParse(text)) return true;
  const { hostname, username, password } = new URL(text);
  return hostname !== '' && username === '' && password === '';
}

const broker = z.strictObject({
  url: z
    .url({ protocol: /^mqtts?$/ })
    .refine(
      hasHostAlone,
      'mqtt://HOST[:PORT] or mqtts://HOST[:PORT], with user and password as keys of their own',
    ),
  user: z.string().optional(),
  password: secret.optional(),
  /** `auto` tries 5 and goes back to 3.1.1 where the broker does not know it. */
  version: z.enum(['auto', '3.1.1', '5']).default('auto'),
  tls: brokerTls.optional(),
  /** Sparkplug edge nodes are asked to tell everything again when something was missed: the only thing ever published. */
  rebirth: z.boolean().default(true),
});
export type BrokerEntry = z.infer<typeof broker>;

/**
 * Another profile that the same agent answers, for the quantities that the device's own lacks. `instead`: quantities (or part/quantity)
 * that are taken from it although the device's own profile has them, since this agent leaves them empty there.
 */
const completion = z.union([
  z.string().min(1),
  z.strictObject({ profile: z.string().min(1), instead: z.array(z.string().min(1)).min(1) }),
]);

/** What feeds a device: devices of the site by name, `A` and `B` for the panels behind the UPSs of a feed. */
const fedBy = z.array(z.union([feedName, slug])).optional();

/** PACs by name. */
const cooledBy = z.array(slug).optional();

const deviceOptions = {
  /** In place of what its kind, role and feed imply (docs/topology.md). */
  fedBy,
  /** Routers and switches of the site that it is reached through. */
  via: z.array(slug).optional(),
  interval: intervalClass.optional(),
  broker: slug.optional(),
  snmp: snmpAccessSchema.optional(),
  completedBy: z.array(completion).min(1).max(5).optional(),
  /**
   * Which of several devices behind one SNMP agent: arcs that fill `{instance}` in the profile's OIDs. Over MQTT: the number by which a
   * device is known in messages that several share.
   */
  instance: z
    .string()
    .regex(/^\d+(\.\d+)*$/, 'dotted arcs, e.g. "1.3"')
    .optional(),
  modbus: modbusAccess.optional(),
  /** Of a controller that pushes its events: the secret that it shares with this server. */
  key: secret.optional(),
  /** Group of the profile → the parts this device has. */
  parts: z.record(slug, z.array(slug)).optional(),
  /** quantity or part/quantity → change. */
  override: z.record(z.string(), override).optional(),
};

/** An `incomer` meters a PLN source; tanks count towards endurance; a `mantrap` door stands before the hall. */
export const deviceRole = z.enum(['incomer', 'monthly-tank', 'day-tank', 'mantrap']);
export type DeviceRole = z.infer<typeof deviceRole>;

/** Beyond the outermost door: no room of the site. */
export const outside = 'outside';
const doorSide = slug;

const deviceEntry = z.strictObject({
  device: slug,
  /** Needed, and only allowed, where the profile's kind is `any`. */
  kind: deviceKind.optional(),
  profile: z.string().min(1),
  address,
  name: label.optional(),
  room: slug,
  rack: slug.optional(),
  feed: feedName.optional(),
  position: position.optional(),
  /** What the device is to the site, where its kind does not say it. */
  role: deviceRole.optional(),
  rating: rating.optional(),
  nameplate: nameplate.optional(),
  inputs: z.array(inputPointSchema).optional(),
  /**
   * Rooms that its parts protect, where that is not the room it is in: zones of a fire panel, pipes of a smoke detector, zones of a leak
   * cable. An alarm belongs to the protected room; of a fire panel that tells no zones apart (inputs without a part) to the whole site.
   */
  protects: z.record(slug, slug).optional(),
  /** What is on either side of each of its doors, by part. Absent: from the corridor (or outside) into the room it is in. */
  leads: z.record(slug, z.strictObject({ from: doorSide, to: doorSide })).optional(),
  ...deviceOptions,
});
export type DeviceEntry = z.infer<typeof deviceEntry>;

/** A device that every rack of a row has; one without `{rack}` or `{number}` in its id serves the whole row, a part a rack. */
const rackDevice = z.strictObject({
  device: pattern,
  profile: z.string().min(1),
  address: pattern,
  part: pattern.optional(),
  ...deviceOptions,
});

/**
 * The circuit breaker of a rack's feed, A a phase: what the racks draw is judged by phase, and by 80 % of it for lasting loads. `assumed: true`: nobody has
 * read its plate yet, and the pages say so.
 */
const rackFeed = rackDevice.extend({
  breaker: z
    .strictObject({ amps: z.number().positive().max(6_300), assumed: z.literal(true).optional() })
    .optional(),
});

const rowException = z.strictObject({
  number: z.int().positive(),
  /** No rack stands here. */
  absent: z.literal(true).optional(),
  function: rackFunction.optional(),
  feeds: z.strictObject({ A: address.optional(), B: address.optional() }).optional(),
  inlet: address.optional(),
  why: z.string().min(1),
});

const rows = z.strictObject({
  /** Letters of the rows, in the order they stand. */
  rows: z.array(z.string().regex(/^[A-Z]{1,2}$/)).min(1),
  room: slug,
  racks: z.int().min(1).max(60),
  function: rackFunction,
  feeds: z.strictObject({ A: rackFeed, B: rackFeed }),
  inlet: rackDevice,
  /** PACs that cool these rows, beside those that cool the room. */
  cooledBy,
  exceptions: z.record(z.string(), z.array(rowException)).default({}),
});
export type RowsEntry = z.infer<typeof rows>;

const service = z.strictObject({ service: z.string().min(1), name: z.string().min(1), criticality: level });

const room = z.strictObject({
  room: slug,
  kind: roomKind,
  name: label,
  /** Services at risk when this room is, with their criticality (BAB III). */
  services: z.array(service).default([]),
  /** PACs that cool it, in place of those that stand in it. */
  cooledBy,
});

/** What a place asks of a visit beside the particulars of the catalogue, which allows local rules (ITSM.3). */
const accessField = z
  .strictObject({
    key: slug,
    label,
    required: z.boolean().default(false),
    kind: z.enum(['text', 'number', 'choice']),
    /** Of kind `choice`: what can be chosen. */
    choices: z
      .array(z.strictObject({ choice: slug, name: label }))
      .min(1)
      .max(50)
      .optional(),
  })
  .refine(({ kind, choices }) => (kind === 'choice') === (choices !== undefined), {
    path: ['choices'],
    error: 'a list for a field of kind "choice", and none for another',
  });
export type AccessField = z.infer<typeof accessField>;

const access = z.strictObject({
  fields: z
    .array(accessField)
    .max(20)
    .refine((fields) => new Set(fields.map(({ key }) => key)).size === fields.length, 'every key once'),
});
const panelRating = z.strictObject({ kw: z.number().positive() });

export const siteSchema = z.strictObject({
  name: z.string().min(1),
  building: z.string().min(1),
  /** The site's row of the standard. */
  standard: slug,
  /** Impact where no service at risk is named. */
  impact: level,
  /** Who polls it: the server itself, or a process near the devices that sends what it reads (`pantau collect`). */
  collector: z.enum(['local', 'remote']).default('local'),
  brokers: z.record(slug, broker).default({}),
  snmp: snmpAccessSchema.prefault({ version: '2c' }),
  /** Further fields of its access tickets. */
  access: access.default({ fields: [] }),
  rooms: z.array(room).min(1),
  /** What the panel of a feed may carry; one that is not given is not judged. */
  panels: z.strictObject({ A: panelRating.optional(), B: panelRating.optional() }).optional(),
  rows: z.array(rows).default([]),
  devices: z.array(deviceEntry),
});
export type SiteFile = z.infer<typeof siteSchema>;
