import type { DeviceKind, Unit } from '../config/schema/common.ts';
import { stateMeanings } from '../config/schema/states.ts';
import type { Point } from '../config/model.ts';
import { envQuantities, pacQuantities } from './values/climate.ts';
import type { Measured, Place, Quantities, Reader } from './values/place.ts';
import {
  atsQuantities, gensetQuantities, meterQuantities, rackQuantities, tankQuantities, upsQuantities,
} from './values/power.ts'; // prettier-ignore
import {
  cctvQuantities, doorQuantities, firePanelQuantities, leakQuantities, routerQuantities, vesdaQuantities,
} from './values/safety.ts'; // prettier-ignore

const byKind: Readonly<Record<DeviceKind, Quantities>> = {
  ups: upsQuantities,
  pac: pacQuantities,
  vesda: vesdaQuantities,
  genset: gensetQuantities,
  ats: atsQuantities,
  pdu: rackQuantities,
  meter: meterQuantities,
  env: envQuantities,
  leak: leakQuantities,
  door: doorQuantities,
  'fire-panel': firePanelQuantities,
  cctv: cctvQuantities,
  'fuel-tank': tankQuantities,
  router: routerQuantities,
};

/**
 * How a point of a device is measured in the plant. A quantity that the physics does not know gets a steady plausible
 * value, so that a new profile answers at once. Names as in docs/points.md.
 */
export function readerOf(place: Place): Reader {
  const quantities = byKind[place.device.kind];
  const known = Object.hasOwn(quantities, place.point.quantity)
    ? quantities[place.point.quantity]?.(place)
    : undefined;
  if (known === undefined) return () => steady(place.point);
  return known;
}

/** Names that mean "all is well" when nothing better is known, best first. */
const healthy = [
  'normal',
  'ok',
  'inactive',
  'up',
  'on',
  'closed',
  'auto',
  'running',
  'available',
  'online',
  'no',
  'none',
];

const usual: Partial<Record<Unit, number>> = {
  '°C': 24,
  '%RH': 46,
  V: 230,
  Hz: 50,
  '%': 50,
  ratio: 0.95,
  fps: 25,
};

/** A plausible constant: a healthy state, the middle of what is plausible, or the unit's usual figure. */
function steady(point: Point): Measured {
  const spec = point.source.from === 'device' ? point.source.value : undefined;
  if (spec?.states !== undefined) {
    const names = [...stateMeanings(spec.states).values()]
      .filter((state) => state.bad === undefined)
      .map(({ name }) => name);
    return healthy.find((name) => names.includes(name)) ?? names[0] ?? 0;
  }
  const fallback = usual[point.unit] ?? 0;
  if (spec?.plausible === undefined) return fallback;
  const [low, high] = spec.plausible;
  return fallback >= low && fallback <= high ? fallback : (low + high) / 2;
}
