import { type Faults, faults, partKey } from '../physics/faults.ts';
import type { Plant } from '../physics/plant.ts';
import { at } from '../physics/noise.ts';

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

/** Both PLN sources gone: UPS on battery, gensets start, the ATS transfers; back when the grid was steady for a while. */
const plnOutage: Drill = ({ incomers }) => faults({ sourceLost: incomers.map(({ key }) => key) });

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

/** By the names under which the outside starts them. */
export const drills = {
  'pln-outage': plnOutage,
  'pac-failure': pacFailure,
  'feed-a-loss': feedALoss,
  smoke,
  leak,
  'door-forced': doorForced,
  'sensor-fault': sensorFault,
  'device-dead': deviceDead,
  'network-loss': networkLoss,
} as const satisfies Readonly<Record<string, Drill>>;

export type DrillName = keyof typeof drills;

export function isDrillName(name: string): name is DrillName {
  return Object.hasOwn(drills, name);
}
