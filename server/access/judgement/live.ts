import type { Model } from '../../../config/model.ts';
import { accessFindings } from '../../../config/schema/findings.ts';
import { monotonicOf, type Instant } from '../../../core/clock.ts';
import { good, type Reading } from '../../../core/reading.ts';
import { findingKinds, type Finding } from './kinds.ts';

/**
 * What happened longer ago than this when it is found is recorded and raises no alarm: a controller that delivers yesterday's events must not
 * wake anybody today.
 */
const lateMs = 5 * 60_000;

interface Held {
  readonly finding: Finding;
  /** On the monotonic clock; null: as long as it stands. */
  readonly until: number | null;
}

/** Findings that are alarms now. Ages on the monotonic clock: setting the wall clock back keeps none for longer. */
export interface LiveFindings {
  /** False: too late to be an alarm. */
  add(finding: Finding, now: Instant): boolean;
  /** One that was live before the restart, for the rest of its time. */
  restore(finding: Finding, now: Instant): void;
  /** Ids of those that are over: their time has passed, or they do not stand any more. */
  settle(standing: Pick<ReadonlySet<string>, 'has'>, now: Instant): string[];
  has(id: string): boolean;
  all(): readonly Finding[];
}

export function createLiveFindings(): LiveFindings {
  const held = new Map<string, Held>();
  function hold(finding: Finding, now: Instant): void {
    const { holdMs } = findingKinds[finding.kind];
    held.set(finding.id, { finding, until: holdMs === null ? null : monotonicOf(finding.at, now) + holdMs });
  }

  return {
    add(finding, now) {
      const { holdMs } = findingKinds[finding.kind];
      if (holdMs !== null && now.at - finding.at > Math.min(lateMs, holdMs)) return false;
      hold(finding, now);
      return true;
    },
    restore: hold,
    settle(standing, { monotonic }) {
      const over: string[] = [];
      for (const [id, { until }] of held)
        if (until === null ? !standing.has(id) : monotonic >= until) {
          held.delete(id);
          over.push(id);
        }
      return over;
    },
    has: (id) => held.has(id),
    all: () => [...held.values()].map(({ finding }) => finding),
  };
}

/** How many findings of each kind are live in each place, for every point that counts them. Pure. */
export function findingReadings(
  model: Pick<Model, 'sites' | 'rooms' | 'pointById' | 'doors'>,
  { findings, now }: { readonly findings: readonly Finding[]; readonly now: number },
): Reading[] {
  const counts = new Map<string, number>();
  for (const { kind, site, room } of findings) {
    const id = `${site}/${room ?? 'site'}/${accessFindings[kind].quantity}`;
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return findingPoints(model).map(({ id, index }) => ({
    point: index,
    at: now,
    value: counts.get(id) ?? 0,
    quality: good,
  }));
}

function findingPoints(model: Pick<Model, 'sites' | 'rooms' | 'pointById'>) {
  const owners = [
    ...model.sites.map(({ id }) => ({ site: id, owner: 'site' })),
    ...model.rooms.map(({ site, id }) => ({ site, owner: id })),
  ];
  return owners.flatMap(({ site, owner }) =>
    Object.values(accessFindings).flatMap(({ quantity }) => model.pointById.get(`${site}/${owner}/${quantity}`) ?? []),
  );
} // prettier-ignore
