import { type GensetState, hasGrid } from '../physics/supply.ts';
import { at } from '../physics/noise.ts';
import { incomerKw, isRackLive, type SiteState } from '../physics/site.ts';
import { autonomyS, type UpsState } from '../physics/ups.ts';
import { circuitQuantities, mainsHz, mainsVolts, type Circuit } from './circuit.ts';
import { indexOf, rackIndex, type Place, type Quantities, type Reader } from './place.ts';

/** Rack PDUs, branch meters and gateways: a rack's circuit on one feed. */
export const rackQuantities: Quantities = circuitQuantities(rackCircuit);

function rackCircuit(place: Place): Circuit | undefined {
  const rack = rackIndex(place);
  const feed = place.point.feed ?? place.device.feed;
  if (rack < 0 || feed === undefined) return undefined;
  const volts = mainsVolts(place.device.key, place.plant.seed);
  return {
    kw: (state) => at(state.rackKw[feed], rack),
    kwh: (state) => at(state.rackKwh[feed], rack),
    volts: (state) => (isRackLive(place.plant, state, { feed, rack }) ? volts(state.atMs) : 0),
    hz: (state) => (isRackLive(place.plant, state, { feed, rack }) ? mainsHz(state.atMs) : 0),
    powerFactor: 0.96,
  };
}

/** A meter: of a rack's feed, of a PLN source, of a feed, or of the whole site. */
export const meterQuantities: Quantities = circuitQuantities(
  (place) => rackCircuit(place) ?? siteCircuit(place),
);

function siteCircuit({ plant, device }: Place): Circuit {
  const volts = mainsVolts(device.key, plant.seed);
  const incomer = indexOf(plant.incomers, device);
  const { feed } = device;
  const live = (state: SiteState): boolean => {
    if (incomer >= 0) return at(state.supply.incomers, incomer);
    return feed === undefined ? state.supply.busLive : state.live[feed];
  };
  const kw = (state: SiteState): number => {
    if (incomer >= 0) return incomerKw(state.supply, incomer);
    return feed === undefined ? state.supply.busKw : state.rackKw[feed].reduce((sum, one) => sum + one, 0);
  };
  const siteKwh = (state: SiteState): number => state.incomerKwh.reduce((sum, kwh) => sum + kwh, 0);
  return {
    kw: (state) => (live(state) ? kw(state) : 0),
    kwh: (state) => {
      if (incomer >= 0) return at(state.incomerKwh, incomer);
      return feed === undefined ? siteKwh(state) : state.rackKwh[feed].reduce((sum, one) => sum + one, 0);
    },
    volts: (state) => (live(state) ? volts(state.atMs) : 0),
    hz: (state) => (live(state) ? mainsHz(state.atMs) : 0),
    powerFactor: 0.94,
  };
}

/** RFC 1628 and what lies near it. */
export const upsQuantities: Quantities = {
  'output-source': ups((state) => state.source),
  'battery-status': ups(({ charge }) => (charge <= 0 ? 'depleted' : charge < 0.25 ? 'low' : 'normal')),
  'time-on-battery': ups(({ onBatteryS }) => onBatteryS),
  autonomy: ups((state, place) => autonomyS(at(place.plant.ups, upsIndex(place)), state)),
  'battery-charge': ups(({ charge }) => charge * 100),
  'battery-voltage': ups(({ charge, source }) =>
    source === 'battery' ? 396 + 40 * charge : 410 + 30 * charge,
  ),
  'battery-current': ups(({ kw, source }) => (source === 'battery' ? (kw * 1_000) / 420 : 0)),
  'battery-temperature': ups(({ batteryC }) => batteryC),
  'alarm-battery-bad':
    ({ device }) =>
    ({ faults }) =>
      faults.batteryWorn.has(device.key) ? 'alarm' : 'normal',
  'output-frequency': ups(({ source }) => (source === 'none' ? 0 : 50)),
  'alarms-present': ups(({ source }) => (source === 'normal' ? 0 : 1)),
  'alarm-on-battery': ups(({ source }) => (source === 'battery' ? 'alarm' : 'normal')),
  'input-voltage': ups(({ input }, place, atMs) =>
    input ? mainsVolts(place.device.key, place.plant.seed)(atMs) : 0,
  ),
  'input-frequency': ups(({ input }, _place, atMs) => (input ? mainsHz(atMs) : 0)),
  'input-power': ups(({ inputKw }, place) => inputKw / phases(place)),
  'input-current': ups(({ inputKw }, place) => (inputKw * 1_000) / phases(place) / 230 / 0.99),
  'output-voltage': ups(({ source }) => (source === 'none' ? 0 : 230.4)),
  'output-power': ups(({ kw }, place) => kw / phases(place)),
  'output-current': ups(({ kw }, place) => (kw * 1_000) / phases(place) / 230.4 / 0.96),
  'output-load': ups(({ kw }, place) => (kw / at(place.plant.ups, upsIndex(place)).ratedKw) * 100),
};

function upsIndex({ plant, device }: Place): number {
  return plant.ups.findIndex((one) => one.device.key === device.key);
}

function ups(
  read: (state: UpsState, place: Place, atMs: number) => number | string,
): (place: Place) => Reader {
  return (place) => {
    const index = upsIndex(place);
    return (state) => read(at(state.ups, index), place, state.atMs);
  };
}

/** A three-phase machine reports a third of its power on each line. */
function phases({ point }: Place): number {
  return point.part === undefined ? 1 : 3;
}

const gensetCircuit = circuitQuantities((place) => {
  const index = gensetIndex(place);
  const one = (state: SiteState): GensetState => at(state.supply.gensets, index);
  return {
    kw: (state) => one(state).kw,
    kwh: (state) => one(state).kwh,
    volts: (state) => (one(state).rpm > 1_300 ? (one(state).rpm / 1_500) * 231 : 0),
    hz: (state) => one(state).rpm / 30,
    powerFactor: 0.9,
  };
});

export const gensetQuantities: Quantities = {
  ...gensetCircuit,
  'control-mode':
    ({ device }) =>
    ({ faults }) =>
      faults.neglected.has(device.key) ? 'manual' : 'auto',
  'engine-state': genset((state) => state.phase),
  'oil-pressure': genset(({ rpm, coolantC }) => (rpm / 1_500) * (520 - 1.4 * (coolantC - 40))),
  'oil-temperature': genset(({ coolantC }) => coolantC + 6),
  'coolant-temperature': genset(({ coolantC }) => coolantC),
  'fuel-level': ({ plant }) => {
    const day = plant.tanks.flatMap((tank, index) => (tank.role === 'day-tank' ? [index] : []));
    const litres = day.reduce((sum, index) => sum + at(plant.tanks, index).litres, 0);
    return (state) =>
      day.length === 0
        ? 90
        : (day.reduce((sum, index) => sum + at(state.fuel.tanksL, index), 0) / litres) * 100;
  },
  'fuel-rate': genset(({ litresPerHour }) => litresPerHour),
  'battery-voltage': genset(({ starterV }) => starterV),
  'charge-alternator-voltage': genset(({ rpm }) => (rpm > 1_000 ? 28.4 : 0)),
  speed: genset(({ rpm }) => rpm),
  load: genset(({ kw }, place) => (kw / at(place.plant.gensets, gensetIndex(place)).ratedKw) * 100),
  'run-time': genset(({ runS }) => runS),
  starts: genset(({ starts }) => starts),
  alarm: () => () => 'inactive',
  'mains-voltage': (place) => {
    const volts = mainsVolts(place.plant.site, place.plant.seed);
    return (state) => (hasGrid(state.supply.incomers) ? volts(state.atMs) : 0);
  },
  'mains-frequency': () => (state) => (hasGrid(state.supply.incomers) ? mainsHz(state.atMs) : 0),
  'mains-current': () => () => 0,
};

function gensetIndex({ plant, device }: Place): number {
  return plant.gensets.findIndex((one) => one.device.key === device.key);
}

function genset(read: (state: GensetState, place: Place) => number | string): (place: Place) => Reader {
  return (place) => {
    const index = gensetIndex(place);
    return (state) => read(at(state.supply.gensets, index), place);
  };
}

/** Source 1 is PLN, source 2 the gensets. */
export const atsQuantities: Quantities = {
  position: () => (state) => state.supply.position,
  'source-1': () => (state) => (hasGrid(state.supply.incomers) ? 'available' : 'lost'),
  'source-2': () => () => 'available',
  fault: () => () => 'normal',
};

export const tankQuantities: Quantities = {
  level: ({ plant, device }) => {
    const index = plant.tanks.findIndex((tank) => tank.device.key === device.key);
    return (state) => at(state.fuel.tanksL, index);
  },
};
