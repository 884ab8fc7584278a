import { type Place, type Quantities, always, indexOf, rackIndex, roomClimate } from './place.ts';
import { at, uniform, wave } from '../physics/noise.ts';
import type { SiteState } from '../physics/site.ts';
import type { Hall } from '../physics/thermal.ts';

/** Moisture of the hall's air as its dew point, °C: what the PACs' humidifiers hold (ASHRAE allows 15). */
const hallDewPointC = 11.8;
/** How much warmer the air leaves a rack than it came. */
const rackRiseC = 10.5;

/** Magnus: relative humidity of air at a temperature that holds the moisture of a dew point. */
export function relativeHumidity(temperatureC: number, dewPointC: number): number {
  const pressure = (celsius: number): number => Math.exp((17.62 * celsius) / (243.12 + celsius));
  return Math.min(100, (100 * pressure(dewPointC)) / pressure(temperatureC));
}

/** °C at a place of the hall, from the temperature of its racks' inlets. */
function temperatureAt(place: Place): (state: SiteState) => number {
  const { plant, device, point } = place;
  const phase = uniform(`${device.key} climate`, plant.seed);
  const wobble = (state: SiteState): number => 0.12 * wave(state.atMs, 180 + 240 * phase, phase);
  const rack = rackIndex(place);
  const hall = plant.halls.find((one) => one.room === (device.room || point.room));
  if (rack < 0 && hall === undefined) {
    const celsius = roomClimate(device, plant.seed).temperatureC;
    return (state) => celsius + wobble(state);
  }
  const inlet =
    rack >= 0
      ? (state: SiteState) => at(state.thermal.inletC, rack)
      : (state: SiteState) => hallMean(hall, state);
  const { position } = device;
  if (position === 'supply' && hall !== undefined) {
    const index = plant.halls.indexOf(hall);
    return (state) => at(state.thermal.supplyC, index) + wobble(state);
  }
  const warmer = position === 'outlet' || position === 'hot-aisle' || position === 'return' ? rackRiseC : 0;
  return (state) => inlet(state) + warmer + wobble(state);
}

function hallMean(hall: Hall | undefined, state: SiteState): number {
  if (hall === undefined || hall.racks.length === 0) return 23;
  return hall.racks.reduce((sum, rack) => sum + at(state.thermal.inletC, rack), 0) / hall.racks.length;
}

function humidityAt(place: Place): (state: SiteState) => number {
  const { plant, device } = place;
  const temperature = temperatureAt(place);
  const phase = uniform(`${device.key} moisture`, plant.seed);
  const inHall = plant.halls.some((hall) => hall.room === device.room);
  const dewPointC = inHall ? hallDewPointC : roomClimate(device, plant.seed).dewPointC;
  return (state) => relativeHumidity(temperature(state), dewPointC + 0.25 * wave(state.atMs, 900, phase));
}

export const envQuantities: Quantities = {
  temperature: temperatureAt,
  humidity: humidityAt,
  battery: ({ plant, device }) => {
    const percent = Math.round(uniform(`${device.key} cell`, plant.seed, [70, 100]));
    return () => percent;
  },
  'battery-voltage': always(2.95),
  'link-quality': always(118),
};

/** Of the hall that a PAC cools; −1 where it cools none. */
function hallOf({ plant, device }: Place): number {
  const pac = indexOf(plant.pacs, device);
  return plant.halls.findIndex((hall) => hall.pacs.some(({ index }) => index === pac));
}

export const pacQuantities: Quantities = {
  'supply-temperature': (place) => {
    const [hall, pac] = [hallOf(place), indexOf(place.plant.pacs, place.device)];
    const own = uniform(`${place.device.key} supply`, place.plant.seed, [-0.3, 0.3]);
    return (state) => {
      const supplyC = state.thermal.supplyC[hall] ?? 18;
      // A stopped machine's outlet takes the temperature of the room.
      return supplyC + own + (1 - at(state.thermal.pacs, pac)) * 7;
    };
  },
  'return-temperature': (place) => returnTemperature(place),
  'return-humidity': (place) => returnHumidity(place),
  'cooling-capacity': (place) => {
    const [hall, pac] = [hallOf(place), indexOf(place.plant.pacs, place.device)];
    return (state) => 100 * (state.thermal.utilisation[hall] ?? 0.6) * at(state.thermal.pacs, pac);
  },
  'fan-speed': (place) => {
    const [hall, pac] = [hallOf(place), indexOf(place.plant.pacs, place.device)];
    return (state) => (45 + 50 * (state.thermal.utilisation[hall] ?? 0.6)) * at(state.thermal.pacs, pac);
  },
  'system-state': (place) => (state) => (stopped(place, state) ? 'off' : 'on'),
  'alarms-present': (place) => (state) => (stopped(place, state) ? 1 : 0),
  'control-temperature': (place) => returnTemperature(place),
  'control-humidity': (place) => returnHumidity(place),
  'cooling-state': (place) => (state) => (stopped(place, state) ? 'off' : 'on'),
  'fan-state': (place) => (state) => (stopped(place, state) ? 'off' : 'on'),
  // Stopped by its switch or for want of supply, which is no fault of the unit.
  'general-alarm': always('normal'),
  'audible-alarm': always('off'),
  'heating-state': always('off'),
  'humidifying-state': always('off'),
  'dehumidifying-state': always('off'),
  'electric-heater-state': always('off'),
  'hot-water-state': always('off'),
  'heating-capacity': always(0),
  'free-cooling-capacity': always(0),
  'humidifying-capacity': always(0),
  'dehumidifying-capacity': always(0),
  'supply-temperature-setpoint': always(18),
  'return-temperature-setpoint': always(34),
  'return-humidity-setpoint': always(26),
};

function returnTemperature(place: Place): (state: SiteState) => number {
  const hall = place.plant.halls[hallOf(place)];
  const own = uniform(`${place.device.key} return`, place.plant.seed, [-0.5, 0.5]);
  return (state) => hallMean(hall, state) + rackRiseC + own;
}

function returnHumidity(place: Place): (state: SiteState) => number {
  const hall = place.plant.halls[hallOf(place)];
  return (state) => relativeHumidity(hallMean(hall, state) + rackRiseC, hallDewPointC);
}

function stopped({ device }: Place, state: SiteState): boolean {
  return state.faults.stopped.has(device.key) || !state.supply.busLive;
}
