import type { Point } from '../../../config/model.ts';
import { describeQuality } from '../../../core/reading.ts';
import { createIsoWriter } from '../../../core/time.ts';
import type { Sample } from '../../historian/historian.ts';
import type { LastWhole } from './point.ts';

/** `JSON.stringify(pointView(…))`. */
type PointWriter = (point: Point, sample: Sample, lastWhole?: LastWhole) => string;

/**
 * For all points of the estate at once, three times as fast as making their views first: of two neighbours the place is the same, nearly
 * always the time too, and there are few quantities. One writer serves one answer.
 */
export function createPointWriter(): PointWriter {
  const iso = createIsoWriter();
  const kinds = new Map<string, Map<string, string>>();
  const qualities: string[] = [];
  let neighbour: Point | undefined;
  let place = '';

  function placeOf(point: Point): string {
    const isSame =
      neighbour?.device === point.device &&
      neighbour?.rack === point.rack &&
      neighbour?.room === point.room &&
      neighbour?.site === point.site;
    if (!isSame) {
      const { site, room = null, rack = null, device = null } = point;
      place = JSON.stringify({ site, room, rack, device }).slice(1, -1);
    }
    neighbour = point;
    return place;
  }

  function kindOf({ quantity, unit }: Point): string {
    let units = kinds.get(quantity);
    if (units === undefined) kinds.set(quantity, (units = new Map<string, string>()));
    const known = units.get(unit);
    if (known !== undefined) return known;
    const text = JSON.stringify({ quantity, unit }).slice(1, -1);
    units.set(unit, text);
    return text;
  }

  function qualityOf(code: number): string {
    return (qualities[code] ??= JSON.stringify(describeQuality(code)).slice(1, -1));
  }

  return (point, sample, lastWhole) => {
    const value = Number.isNaN(sample.value) ? null : sample.value;
    const state = value === null ? undefined : point.states?.get(value);
    const part = point.part === undefined ? 'null' : JSON.stringify(point.part);
    const at = sample.at === 0 ? 'null' : `"${iso(sample.at)}"`;
    const whole =
      value !== null || lastWhole === undefined
        ? ''
        : `,"lastWhole":{"value":${JSON.stringify(lastWhole.value)},"at":"${iso(lastWhole.at)}"}`;
    return `{"id":${JSON.stringify(point.id)},${placeOf(point)},"part":${part},${kindOf(point)},"value":${value === null ? 'null' : JSON.stringify(value)},"state":${state === undefined ? 'null' : JSON.stringify(state)},${qualityOf(sample.quality)},"at":${at}${whole}}`;
  };
}
