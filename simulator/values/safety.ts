import { partKey } from '../physics/faults.ts';
import { at, uniform } from '../physics/noise.ts';
import { doorState, isCo2Released, smokeLevel } from '../physics/safety.ts';
import { always, indexOf, type Place, type Quantities } from './place.ts';

export const vesdaQuantities: Quantities = {
  'alarm-level': (place) => {
    const index = indexOf(place.plant.vesdas, place.device);
    return (state) => smokeLevel(at(state.smoke, index));
  },
  'smoke-level': (place) => {
    const index = indexOf(place.plant.vesdas, place.device);
    return (state) => at(state.smoke, index);
  },
  fault: always('normal'),
  airflow: ({ plant, device }) => {
    const percent = Math.round(uniform(`${device.key} flow`, plant.seed, [96, 104]));
    return () => percent;
  },
  'aspirator-speed': always(3_200),
  'airflow-change': always(0),
  'alert-threshold': always(0.05),
  'action-1-threshold': always(0.1),
  'action-2-threshold': always(0.15),
  'fire-1-threshold': always(0.2),
};

/** Each zone of the panel has detectors of its own in the room that it protects; they see the smoke that the aspirating ones draw in. */
export const firePanelQuantities: Quantities = {
  'fire-alarm': ({ plant, point }) => {
    if (plant.gensets.some(({ device }) => device.room === point.room))
      return (state) => (state.extinguishing.gensetFireS > 0 ? 'alarm' : 'normal');
    const inRoom = plant.vesdas.flatMap(({ room }, index) => (room === point.room ? [index] : []));
    return (state) =>
      inRoom.some((index) => smokeLevel(at(state.smoke, index)).startsWith('fire')) ? 'alarm' : 'normal';
  },
  'heat-alarm': always('normal'),
  'gas-release': always('normal'),
  'co2-release': () => (state) => (isCo2Released(state.extinguishing) ? 'released' : 'normal'),
  fault: always('normal'),
  'agent-pressure': ({ device }) => {
    const least = device.rating.limits?.['agent-pressure']?.min;
    // Filled a twentieth above the least that the site allows.
    const kpa = least === undefined ? 2_500 : least * 1.05;
    return (state) => kpa * state.extinguishing.agent;
  },
};

export const leakQuantities: Quantities = {
  leak: ({ device, point }) => {
    const zone = partKey(device.key, point.part);
    return (state) => (state.faults.wet.has(zone) ? 'leak' : 'normal');
  },
};

export const doorQuantities: Quantities = {
  'door-state': ({ plant, device, point }) => {
    const door = partKey(device.key, point.part);
    return ({ atMs, faults }) => doorState(door, { plant, atMs, faults });
  },
};

export const cctvQuantities: Quantities = {
  'frame-rate':
    ({ device }) =>
    ({ faults }) =>
      faults.framesLost.has(device.key) ? 12 : 25,
  // It records on motion: while a door of the site is open, and otherwise now and then.
  recording:
    ({ plant }) =>
    ({ atMs, faults }) =>
      atMs % 120_000 < 45_000 ||
      plant.doors.some((door) => doorState(door, { plant, atMs, faults }) !== 'closed')
        ? 'recording'
        : 'idle',
  fault: always('normal'),
};

const octets =
  (direction: string) =>
  ({ plant, device, point }: Place): ((state: { trafficS: number }) => number) => {
    const rate = uniform(`${partKey(device.key, point.part)} ${direction}`, plant.seed, [4e6, 9e7]);
    return ({ trafficS }) => Math.floor(trafficS * rate);
  };

export const routerQuantities: Quantities = {
  'oper-status':
    ({ device, point }) =>
    ({ faults }) =>
      faults.providerLost.has(device.key) && point.part === 'wan' ? 'down' : 'up',
  'admin-status': always('up'),
  'in-octets': octets('in'),
  'out-octets': octets('out'),
};
