import type { Device } from '../../config/model.ts';
import type { DeviceKind } from '../../config/schema/common.ts';
import { type Faults, faults, partKey } from '../physics/faults.ts';
import type { Plant } from '../physics/plant.ts';
import { at } from '../physics/noise.ts';
import { loadTestCourse, type Course } from './load-test.ts';

/** What a drill breaks at a site while it runs; the physics does the rest, also when it ends. */
export type Drill = (plant: Plant) => Faults;

/** One PAC of the site stops answering; it cools on. */
const deviceDead: Drill = ({ pacs, devices }) => {
  const device = pacs[0] ?? devices[0];
  return faults({ silent: device === undefined ? [] : [device.key] });
};

/** The site's first door is forced. */
const doorForced: Drill = ({ doors }) => faults({ forced: doors.slice(0, 1) });

/** Feed A dead from its UPS down: rack PDUs on it lose their network cards too, meters with a supply of their own read 0. */
const feedALoss: Drill = () => faults({ feedDead: ['A'] });

/** Water at the site's first leak zone. */
const leak: Drill = ({ devices }) => {
  const zone = devices
    .flatMap((device) => device.points.map((point) => ({ device, point })))
    .find(({ device, point }) => device.kind === 'leak' && point.quantity === 'leak');
  return faults({ wet: zone === undefined ? [] : [partKey(zone.device.key, zone.point.part)] });
};

/** The network of the site's data halls is down: nothing in them can be reached. */
const networkLoss: Drill = ({ devices, halls }) =>
  faults({
    silent: devices.filter(({ room }) => halls.some((hall) => hall.room === room)).map(({ key }) => key),
  });

/** The PAC in the middle of the largest hall stops: the hall stays N+1, its own rows do not stay cool. */
const pacFailure: Drill = ({ halls, pacs }) => {
  const hall = [...halls].sort((a, b) => b.racks.length - a.racks.length)[0];
  const pac = hall?.pacs[Math.floor(hall.pacs.length / 2)];
  return faults({ stopped: pac === undefined ? [] : [at(pacs, pac.index).key] });
};

/** All PACs of the largest hall stop. */
const coolingLoss: Drill = ({ halls, pacs }) => {
  const hall = [...halls].sort((a, b) => b.racks.length - a.racks.length)[0];
  return faults({ stopped: (hall?.pacs ?? []).map(({ index }) => at(pacs, index).key) });
};

/** Both PLN sources gone: UPS on battery, gensets start, the ATS transfers; back when the grid was steady for a while. */
const plnOutage: Drill = ({ incomers }) => faults({ sourceLost: incomers.map(({ key }) => key) });

/** The gensets are started, then PLN is switched off; the course says when. */
const loadTest: Drill = (plant) => loadTestCourse(plant)(0) ?? faults();

/** A climate sensor of a data hall reports nonsense, and now and then nothing. */
const sensorFault: Drill = ({ devices, halls }) => {
  const sensor = devices.find(({ kind, room }) => kind === 'env' && halls.some((hall) => hall.room === room));
  return faults({ nonsense: sensor === undefined ? [] : [sensor.key] });
};

/** Smoke thickens at the first detector of a data hall: alert, action, fire within about two minutes. */
const smoke: Drill = ({ vesdas, halls }) => {
  const inHall = vesdas.find(({ room }) => halls.some((hall) => hall.room === room));
  return faults({
    smoke: [inHall ?? vesdas[0]].flatMap((vesda) => (vesda === undefined ? [] : [vesda.key])),
  });
};

/** The first UPS has no output; the other one of its feed carries its load. */
const upsFailure: Drill = ({ ups }) => faults({ upsFailed: ups.slice(0, 1).map(({ device }) => device.key) });

/** The battery of the first UPS is worn and grows hot. */
const upsBattery: Drill = ({ ups }) =>
  faults({ batteryWorn: ups.slice(0, 1).map(({ device }) => device.key) });

/** Somebody left the first genset in manual, its charger and heater off: it does not start when it is called. */
const gensetUnready: Drill = ({ gensets }) =>
  faults({ neglected: gensets.slice(0, 1).map(({ device }) => device.key) });

/** The first attempt of the first genset to start fails; its controller tries again. */
const gensetStartFails: Drill = ({ gensets }) =>
  faults({ failsFirst: gensets.slice(0, 1).map(({ device }) => device.key) });

/** The governors of all gensets let the frequency sag under load. */
const gensetSag: Drill = ({ gensets }) => faults({ sagging: gensets.map(({ device }) => device.key) });

/** The first day tank leaks. */
const fuelLeak: Drill = ({ tanks }) =>
  faults({ fuelLeak: tanks.filter(({ role }) => role === 'day-tank').slice(0, 1).map(({ device }) => device.key) }); // prettier-ignore

/** Fire in the genset room; half a minute later its CO₂ is released. */
const gensetFire: Drill = ({ devices }) => faults({ gensetFire: ofKind(devices, 'fire-panel').slice(0, 1) });

/** The cylinders of the halls lose their gas. */
const agentLeak: Drill = ({ devices }) => faults({ agentLeak: ofKind(devices, 'fire-panel').slice(0, 1) });

/** Both doors of the mantrap are kept open. */
const mantrapOpen: Drill = ({ interlocked }) => faults({ propped: interlocked.keys() });

/** A card that nobody has is tried at the site's first door, again and again. */
const unknownCard: Drill = ({ doors }) => faults({ strangers: doors.slice(0, 1) });

/** Two persons pass the site's first door on one grant. */
const tailgating: Drill = ({ doors }) => faults({ tailgated: doors.slice(0, 1) });

/** The site's first door is opened with a card of which no ticket knows. */
const entryWithoutTicket: Drill = ({ doors }) => faults({ unticketed: doors.slice(0, 1) });

/** Somebody is made to open the site's first door, and gives the duress code. */
const duress: Drill = ({ doors }) => faults({ duress: doors.slice(0, 1) });

/** The recorder loses half of its frames. */
const cctvFault: Drill = ({ devices }) => faults({ framesLost: ofKind(devices, 'cctv').slice(0, 1) });

/** Both internet providers are gone. */
const internetOutage: Drill = ({ devices }) => faults({ providerLost: ofKind(devices, 'router') });

function ofKind(devices: readonly Device[], kind: DeviceKind): string[] {
  return devices.filter((device) => device.kind === kind).map(({ key }) => key);
}

/** By the names under which the outside starts them. */
export const drills = {
  'pln-outage': plnOutage,
  'load-test': loadTest,
  'pac-failure': pacFailure,
  'cooling-loss': coolingLoss,
  'feed-a-loss': feedALoss,
  smoke,
  leak,
  'door-forced': doorForced,
  'sensor-fault': sensorFault,
  'device-dead': deviceDead,
  'network-loss': networkLoss,
  'ups-failure': upsFailure,
  'ups-battery': upsBattery,
  'genset-unready': gensetUnready,
  'genset-start-fails': gensetStartFails,
  'genset-sag': gensetSag,
  'fuel-leak': fuelLeak,
  'genset-fire': gensetFire,
  'agent-leak': agentLeak,
  'mantrap-open': mantrapOpen,
  'cctv-fault': cctvFault,
  'internet-outage': internetOutage,
  'unknown-card': unknownCard,
  tailgating,
  'entry-without-ticket': entryWithoutTicket,
  duress,
} as const satisfies Readonly<Record<string, Drill>>;

export type DrillName = keyof typeof drills;

/** Of a drill that changes in its course and ends by itself; undefined: it breaks the same until it is stopped. */
export function courseOf(name: DrillName, plant: Plant, minutes?: number): Course | undefined {
  return name === 'load-test' ? loadTestCourse(plant, minutes) : undefined;
}

export function isDrillName(name: string): name is DrillName {
  return Object.hasOwn(drills, name);
}
