import { isStorable, normalise } from '../normalise.ts';
import type { PointLabel } from '../facts.ts';
import { bucketOf, type Figures } from '../figures.ts';
import type { StoredReading } from '../historian.ts';
import { bucketMeasurement, measurement, tags } from './names.ts';

export type LabelOf = (point: string) => PointLabel | undefined;

/** Makes lines of InfluxDB's line protocol, times in ms. Keeps what is the same in every line of a point. */
export interface LineEncoder {
  /**
   * `reading,point=dc/pac-1/fan-speed,site=dc,device=pac-1,quantity=fan-speed,unit=% value=41.5,quality=0i 1764000000000`. A bad
   * reading has no `value`, since the protocol knows no NaN. Undefined for a reading that cannot be stored at all.
   */
  reading(reading: StoredReading): string | undefined;
  bucket(point: string, figures: Figures): string;
}

/** Points beyond this number are encoded each time: whoever sends made-up ids fills no memory. */
const maxKept = 200_000;

export function createLineEncoder(labelOf: LabelOf): LineEncoder {
  const kept = new Map<string, { readonly label: PointLabel | undefined; readonly text: string }>();

  function tagsOf(point: string): string {
    const label = labelOf(point);
    const known = kept.get(point);
    if (known !== undefined && known.label === label) return known.text;
    const text = encodeTags(point, label?.unit);
    if (known !== undefined || kept.size < maxKept) kept.set(point, { label, text });
    return text;
  }

  return {
    reading(reading) {
      if (!isStorable(reading)) return undefined;
      const { at, value, quality } = normalise(reading);
      const number = Number.isNaN(value) ? '' : `value=${value},`;
      const word = labelOf(reading.point)?.states?.get(value);
      const state = word === undefined ? '' : `,state=${quoteField(word)}`;
      return `${measurement}${tagsOf(reading.point)} ${number}quality=${quality}i${state} ${at}`;
    },
    bucket(point, all) {
      const { at, count, good, usable, coveredMs, states } = all;
      const { min, max, mean, last } = bucketOf(all);
      const figures = last === null ? '' : `min=${min},max=${max},mean=${mean},last=${last},sum=${all.sum},`;
      const counts = `count=${count}i,good=${good}i,usable=${usable}i,covered=${coveredMs}i`;
      const inStates = states === null ? '' : `,states=${quoteField(statesText(states))}`;
      return `${bucketMeasurement}${tagsOf(point)} ${figures}${counts}${inStates} ${at}`;
    },
  };
}

/** `2:20000 1:40000`: code and ms. */
function statesText(states: ReadonlyMap<number, number>): string {
  return [...states].map(([code, ms]) => `${code}:${ms}`).join(' ');
}

export function parseStates(text: string): Map<number, number> {
  const pairs = text.split(' ').flatMap((pair): [number, number][] => {
    const [code, ms] = pair.split(':').map(Number);
    return pair === '' || code === undefined || ms === undefined ? [] : [[code, ms]];
  });
  return new Map(pairs);
}

/** In a tag, however escaped. */
const unsafe = /[\\\p{Cc}]/gu;

/** An id is `site/owner[/part]/quantity`; of any other only the whole is written. */
function encodeTags(point: string, unit: string | undefined): string {
  const names = point.split('/');
  const isUsual = names.length === 3 || names.length === 4;
  const [site, owner] = isUsual ? names : [];
  const part = names.length === 4 ? names[2] : undefined;
  const quantity = isUsual ? names.at(-1) : undefined;
  const written: readonly (readonly [string, string | undefined])[] = [
    [tags.site, site],
    [tags.owner, owner],
    [tags.part, part],
    [tags.quantity, quantity],
    [tags.unit, unit],
  ];
  const forPeople = written.map(([name, value]) =>
    value === undefined || value === '' ? '' : `,${name}=${escapeTag(value.replace(unsafe, '_'))}`,
  );
  return `,${tags.point}=${escapeTag(encodePoint(point))}${forPeople.join('')}`;
}

/**
 * A tag can hold no line break and no backslash at its end, however escaped, and a NUL or a lone backslash reads differently from
 * version to version: those characters are stored as %XX.
 */
export function encodePoint(point: string): string {
  return point.replace(/[%\\\p{Cc}]/gu, (char) => encodeURIComponent(char));
}

/** A tag written by other software, which does not decode, stays as it is. */
export function decodePoint(stored: string): string {
  try {
    return decodeURIComponent(stored);
  } catch {
    return stored;
  }
}

export function escapeTag(tag: string): string {
  return tag.replace(/[,= ]/g, (char) => `\\${char}`);
}

/** A field of text; a line break would end the line for some versions. */
function quoteField(text: string): string {
  return `"${text.replace(/[\\"]/g, (char) => `\\${char}`).replace(/\p{Cc}/gu, ' ')}"`;
}
