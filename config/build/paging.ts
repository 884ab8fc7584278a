import { channel } from '../schema/people.ts';
import { trialRule } from '../schema/trial.ts';
import type { PointList } from './points.ts';

/** The owner of what the server knows of itself, at the first site of `pantau.yaml`. */
export const serverOwner = 'server';

const intervalMs = 10_000;
const staleAfterMs = 60_000;

/**
 * Whether a page would arrive: for how long each channel has failed, how long ago the trial alarm got through and the outside address took a
 * heartbeat, the slowest way from a sample to a channel's receipt of late, and for how long a wall has not painted. `trial` is what the trial alarm is raised on.
 */
export function addPagingPoints(list: PointList, site: string): void {
  const place = {
    site,
    owner: { kind: 'site', id: serverOwner },
    intervalMs,
    staleAfterMs,
    source: { from: 'server' },
  } as const;
  for (const part of channel.options)
    if (part !== 'test') list.add({ ...place, part, quantity: 'channel-failing', unit: 's' });
  list.add({ ...place, quantity: 'heartbeat-age', unit: 's' });
  list.add({ ...place, quantity: 'trial-age', unit: 's' });
  list.add({ ...place, quantity: 'page-delay', unit: 's' });
  list.add({ ...place, quantity: 'wall-age', unit: 's' });
  list.add({ ...place, quantity: trialRule, unit: 'count' });
}
