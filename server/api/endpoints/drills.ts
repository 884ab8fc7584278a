import { siteIds } from '../../../config/lookup.ts';
import { unknownName } from '../../../core/names.ts';
import type { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import { page } from '../../contracts/common.ts';
import { drillInput, drillView } from '../../contracts/system.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { unprocessable } from '../../http/problem.ts';

type Drill = z.infer<typeof drillView>;

/** The simulator's scenarios; there only while the field is simulated. */
export interface Drills {
  start(name: Drill['name'], site: string): Promise<void>;
  stop(name: Drill['name'], site: string): Promise<void>;
  /** Those that run now. */
  running(): Promise<Drill[]>;
}

export function drillEndpoints({
  drills,
  model,
}: {
  readonly drills: Drills;
  readonly model: Model;
}): Endpoint[] {
  const list = async (): Promise<{ items: Drill[]; next: null }> => ({
    items: await drills.running(),
    next: null,
  });
  return [
    endpoint({
      method: 'get',
      path: '/drills',
      role: 'viewer',
      summary: 'Drills that run in the simulator',
      input: {},
      output: page(drillView),
      csv: true,
      handler: list,
    }),
    endpoint({
      method: 'post',
      path: '/drills',
      role: 'operator',
      summary: 'Start or stop a drill in the simulator; answers those that run',
      input: { body: drillInput },
      output: page(drillView),
      async handler({ body: { name, site, action } }) {
        const sites = siteIds(model);
        if (!sites.includes(site))
          throw unprocessable([{ path: 'body.site', message: unknownName('site', site, sites) }]);
        await drills[action](name, site);
        return list();
      },
    }),
  ];
}
