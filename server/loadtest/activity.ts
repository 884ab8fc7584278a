import type { Model } from '../../config/model.ts';
import { isUsable, type Reading } from '../../core/reading.ts';
import type { Genset, RolePoint, SiteRoles } from './roles.ts';
import { meaningOf, nominalVolts, type Settings } from './things.ts';

/** Whether the gensets of a site, its transfer switches or the loss of PLN are at work now, from the readings as they arrive. */
export interface Activity {
  readonly isActive: boolean;
  /** When the present or the last activity was first seen (source time); null: it went on already when the server began to watch. */
  readonly since: number | null;
  /** True when these readings ended it. */
  accept(readings: readonly Reading[]): boolean;
}

/** Above what a meter shows that stands still: rpm, Hz, V or kW. */
const leastSign = 2;

/** One thing that shows a run; `grid` counts only while every one of them is lost. */
interface Sign {
  readonly group: 'engine' | 'switch' | 'grid';
  /** Place of the thing in its group. */
  readonly thing: number;
  readonly means: (value: number) => boolean | undefined;
}

/**
 * Follows the changes of engines, switches and PLN, at the cost of one look-up a reading. It only says when it is worth to read what is
 * stored: what a run was is judged from that. A value that is bad or stale changes nothing.
 */
export function createActivity(roles: SiteRoles, model: Pick<Model, 'pointById'>, settings: Settings): Activity {
  const signs = new Map<number, Sign>();
  const put = (point: RolePoint | undefined, sign: Sign): void => {
    const index = point === undefined ? undefined : model.pointById.get(point.id)?.index;
    if (index !== undefined) signs.set(index, sign);
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
  const known = new Map<number, boolean>();
  let isActive = false;
  let since: number | null = null;
  let watched = false;

  function now(): boolean {
    const live = new Set<number>();
    const lost = new Set<number>();
    for (const [index, value] of known) {
      const sign = signs.get(index);
      if (sign?.group === 'grid') (value ? lost : live).add(sign.thing);
      else if (value) return true;
    }
    return live.size === 0 && lost.size === roles.incomers.length && lost.size > 0;
  }

  return {
    get isActive() {
      return isActive;
    },
    get since() {
      return since;
    },
    accept(readings) {
      let changedAt: number | undefined;
      for (const { point, at, value, quality } of readings) {
        const sign = signs.get(point);
        if (sign === undefined || !isUsable(quality)) continue;
        const means = sign.means(value);
        if (means === undefined || known.get(point) === means) continue;
        known.set(point, means);
        changedAt = Math.min(changedAt ?? at, at);
      }
      if (changedAt === undefined) return false;
      const was = isActive;
      isActive = now();
      if (isActive && !was) since = watched ? changedAt : null;
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
