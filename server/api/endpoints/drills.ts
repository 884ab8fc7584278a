import { siteIds } from '../../../config/lookup.ts';
import { unknownName } from '../../../core/names.ts';
import type { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import { page } from '../../contracts/common.ts';
import { drillInput, drillView } from '../../contracts/system.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { ProblemError, unprocessable } from '../../http/problem.ts';

type Drill = z.infer<typeof drillView>;

/** The simulator's scenarios; there only while the field is simulated. */
export interface Drills {
  start(name: Drill['name'], site: string, minutes?: number): Promise<void>;
  stop(name: Drill['name'], site: string): Promise<void>;
  /** Those that run now. */
  running(): Promise<Drill[]>;
}

/** It is a process of its own, and may be stuck or gone: that is no fault of this server. */
async function fromSimulator<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    const late = cause instanceof Error && cause.name === 'TimeoutError';
    const detail = late
      ? 'the simulator does not answer in time'
      : `the simulator cannot be asked: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new ProblemError(late ? 504 : 502, {
      detail: `${detail}; is the process \`pantau simulate\` well?`,
      cause,
    });
  }
}

export function drillEndpoints({
  drills,
  model,
}: {
  readonly drills: Drills;
  readonly model: Model;
}): Endpoint[] {
  const list = async (): Promise<{ items: Drill[]; next: null }> => ({
    items: await fromSimulator(drills.running()),
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
      async handler({ body: { name, site, action, minutes } }) {
        const sites = siteIds(model);
        if (!sites.includes(site))
          throw unprocessable([{ path: 'body.site', message: unknownName('site', site, sites) }]);
        if (minutes !== undefined && name !== 'load-test')
          throw unprocessable([
            {
              path: 'body.minutes',
              message: `only load-test takes minutes; ${name} runs until it is stopped`,
            },
          ]);
        await fromSimulator(action === 'start' ? drills.start(name, site, minutes) : drills.stop(name, site));
        return list();
      },
    }),
  ];
}
