import type { Model } from '../../config/model.ts';
import { isUsable, type Reading } from '../../core/reading.ts';
import { factsOfPoint } from '../historian/facts.ts';
import type { Genset, RolePoint, SiteRoles } from './roles.ts';
import { meaningOf, nominalVolts, type Settings } from './things.ts';

/** Whether the gensets of a site, its transfer switches or the loss of PLN are at work now, from the readings as they arrive. */
export interface Activity {
  readonly isActive: boolean;
  /** When the present or the last activity was first seen (source time); null: it went on already when the server began to watch. */
  readonly since: number | null;
  /** The last reading of what ended it; null: nothing did, what still turned is not read any more. */
  readonly end: { readonly point: number; readonly at: number } | null;
  /** True when these readings ended it. `monotonic`: when they arrived. */
  accept(readings: readonly Reading[], monotonic: number): boolean;
}

/** Above what a meter shows that stands still: rpm, Hz, V or kW. */
const leastSign = 2;

/** An engine that was not read for less still belongs to its run. */
const oneRunMs = 15 * 60_000;

/** One thing that shows a run; `grid` counts only while every one of them is lost. */
interface Sign {
  /** A reading counts for so long after it arrived, ms. */
  readonly holdMs: number;
  readonly group: 'engine' | 'switch' | 'grid';
  /** Place of the thing in its group. */
  readonly thing: number;
  readonly means: (value: number) => boolean | undefined;
}

/** What is known of a sign: what its last usable reading meant, and when that arrived (monotonic). */
interface Known {
  readonly sign: Sign;
  isSo: boolean;
  arrivedAt: number;
}

/**
 * Follows the changes of engines, switches and PLN, at the cost of one look-up a reading. It only says when it is worth to read what is
 * stored: what a run was is judged from that. A value that is bad changes nothing. An engine that is not read any more keeps a run going
 * only until PLN is there and every switch stands on it: nobody would see its stop.
 */
export function createActivity(roles: SiteRoles, model: Pick<Model, 'pointById'>, settings: Settings): Activity {
  const signs = new Map<number, Sign>();
  const put = (point: RolePoint | undefined, sign: Omit<Sign, 'holdMs'>): void => {
    const found = point === undefined ? undefined : model.pointById.get(point.id);
    if (found !== undefined) signs.set(found.index, { ...sign, holdMs: factsOfPoint(found).holdMs });
  };
  for (const [thing, genset] of roles.gensets.entries()) {
    if (genset.state !== undefined) put(genset.state, { group: 'engine', thing, means: meaningOf.turns(genset.state) });
    else put(engineSign(genset), { group: 'engine', thing, means: (value) => value > leastSign });
  }
  for (const [thing, { position }] of roles.transfers.entries())
    if (position !== undefined) put(position, { group: 'switch', thing, means: meaningOf.isOnGensets(position) });
  for (const [thing, { voltages }] of roles.incomers.entries())
    for (const point of voltages) {
      const least = (nominalVolts(point.part, settings) * settings.lostBelow) / 100;
      put(point, { group: 'grid', thing, means: (volts) => volts < least });
    }
  const known = new Map<number, Known>();
  let isActive = false;
  let since: number | null = null;
  let end: Activity['end'] = null;
  let endedAt = -Infinity;
  let watched = false;

  function isAtWork(monotonic: number): boolean {
    const isRead = ({ sign, arrivedAt }: Known): boolean => monotonic - arrivedAt <= sign.holdMs;
    const all = [...known.values()];
    const grid = all.filter(({ sign }) => sign.group === 'grid');
    const switches = all.filter(({ sign }) => sign.group === 'switch');
    const engines = all.filter(({ sign, isSo }) => sign.group === 'engine' && isSo);
    if (switches.some(({ isSo }) => isSo) || engines.some(isRead)) return true;
    const live = new Set(grid.filter(({ isSo }) => !isSo).map(({ sign }) => sign.thing));
    const lost = new Set(grid.filter(({ isSo }) => isSo).map(({ sign }) => sign.thing));
    if (live.size === 0 && lost.size === roles.incomers.length && lost.size > 0) return true;
    if (engines.length === 0) return false;
    const isOnGrid = grid.some((each) => !each.isSo && isRead(each)) && switches.length > 0 && switches.every(isRead);
    return !isOnGrid;
  }

  return {
    get isActive() {
      return isActive;
    },
    get since() {
      return since;
    },
    get end() {
      return end;
    },
    accept(readings, monotonic) {
      let first: number | undefined;
      let last: { point: number; at: number } | null = null;
      let isSeen = false;
      for (const { point, at, value, quality } of readings) {
        const sign = signs.get(point);
        if (sign === undefined || !isUsable(quality)) continue;
        const means = sign.means(value);
        if (means === undefined) continue;
        isSeen = true;
        const before = known.get(point);
        if (before?.isSo !== means) {
          first = Math.min(first ?? at, at);
          last = { point, at };
        }
        known.set(point, { sign, isSo: means, arrivedAt: monotonic });
      }
      const was = isActive;
      if (isSeen || was) isActive = isAtWork(monotonic);
      // An engine that is read again while it still turns goes on with the same run.
      const goesOn = end === null && monotonic - endedAt <= oneRunMs;
      if (isActive && !was && !goesOn) since = watched ? (first ?? null) : null;
      if (isActive !== was) end = isActive ? null : last;
      if (was && !isActive) endedAt = monotonic;
      // Until everything was seen at rest, what is seen to be at work may have been so for long.
      watched ||= known.size === signs.size && !isActive;
      return was && !isActive;
    },
  };
} // prettier-ignore

/** What shows that an engine turns where its controller gives no state; undefined: nothing does. */
function engineSign({ speed, frequency, voltages, power }: Genset): RolePoint | undefined {
  return [speed, frequency, voltages[0], power].find((point) => point !== undefined);
}

/** Points whose stored minutes show that a genset turned or delivered. */
export function signIds({ gensets }: SiteRoles): string[] {
  return gensets.flatMap((genset) => engineSign(genset)?.id ?? []);
}

/** Whether a stored minute shows a sign. */
export function isSign(most: number | null): boolean {
  return most !== null && most > leastSign;
}
