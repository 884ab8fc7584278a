import type { Model } from '../../../config/model.ts';
import type { Reading } from '../../../core/reading.ts';
import type { Bucket, Historian, Range, Sample } from '../../../server/historian/historian.ts';
import { sampleColumnsOf } from '../../../server/historian/sample-columns.ts';
import type { Database } from '../../../server/db/schema.ts';
import { dossierRepository } from '../../../server/loadtest/dossier-repository.ts';
import { printReport } from '../../../server/loadtest/print-thread.ts';
import { planRepository } from '../../../server/loadtest/plan-repository.ts';
import type { openLoadTests } from '../../../server/loadtest/service.ts';
import type { SiteRoles } from '../../../server/loadtest/roles.ts';
import { roleIds } from '../../../server/loadtest/view.ts';
import type { Field } from '../../../simulator/field.ts';
import { minute } from '../../simulator/support.ts';

/** The points of a site that play a role in a load test, read from the simulator, and a store of what was read. */
export interface Polled {
  readonly samples: ReadonlyMap<string, Sample[]>;
  readonly historian: Pick<Historian, 'raw' | 'rawColumns' | 'buckets' | 'pin'>;
  /** Reads every point once. */
  poll(now: number): Reading[];
  of(id: string): readonly Sample[];
}

/** What a test of runs does not look at: nobody is inside, nothing signs files. */
export function quietParts(
  db: Database,
): Pick<
  Parameters<typeof openLoadTests>[0],
  'plans' | 'dossiers' | 'presence' | 'signers' | 'folder' | 'publicUrl' | 'print'
> {
  return {
    plans: planRepository(db),
    dossiers: dossierRepository(db),
    presence: () => Promise.resolve([]),
    signers: [],
    print: printReport,
    folder: '/nonexistent',
    publicUrl: 'http://127.0.0.1:8080',
  };
}

export function polledSite(field: Field, model: Model, roles: SiteRoles): Polled {
  const samples = new Map<string, Sample[]>(roleIds(roles).map((id) => [id, []]));
  const readers = [...samples].flatMap(([id, list]) => {
    const point = model.pointById.get(id);
    const device = point === undefined ? undefined : model.deviceById.get(`${roles.site}/${point.device}`);
    return point === undefined || device === undefined ? [] : [{ list, point, read: field.reader(device, point) }];
  }); // prettier-ignore
  const inside = (id: string, { from, to }: Range): Sample[] =>
    (samples.get(id) ?? []).filter(({ at }) => at >= from && at < to);
  return {
    samples,
    of: (id) => samples.get(`${roles.site}/${id}`) ?? [],
    historian: {
      raw: (id, range) => Promise.resolve(inside(id, range)),
      rawColumns: (ids, range) =>
        Promise.resolve(new Map(ids.map((id) => [id, sampleColumnsOf(inside(id, range))]))),
      buckets: (ids, range) => Promise.resolve(new Map(ids.map((id) => [id, minutes(inside(id, range))]))),
      pin: () => Promise.resolve(),
    },
    poll: (now) =>
      readers.flatMap(({ list, point, read }): Reading[] => {
        const answer = read();
        if (!('value' in answer)) return [];
        const code = [...(point.states ?? [])].find(([, name]) => name === answer.value)?.[0];
        const value = typeof answer.value === 'number' ? answer.value : code;
        if (value === undefined) return [];
        list.push({ at: now, value, quality: 0 });
        return [{ point: point.index, at: now, value, quality: 0 }];
      }),
  };
}

function minutes(samples: readonly Sample[]): Bucket[] {
  const byMinute = new Map<number, number>();
  for (const { at, value } of samples) {
    const begin = Math.floor(at / minute) * minute;
    byMinute.set(begin, Math.max(byMinute.get(begin) ?? -Infinity, value));
  }
  return [...byMinute].map(([at, max]) => ({
    at, max, min: max, mean: max, last: max, count: 1, good: 1, coveredMs: minute, states: null,
  })); // prettier-ignore
}
