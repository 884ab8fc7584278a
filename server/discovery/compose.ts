import type { Teardown } from '../../core/teardown.ts';
import type { Database } from '../db/schema.ts';
import { discoveryRepository } from './repository.ts';
import { createDiscovery, type Discovery, type DiscoveryOptions } from './service.ts';

/** Its teardown ends a search that runs. */
export function openDiscovery(
  { db, ...options }: Omit<DiscoveryOptions, 'repository'> & { readonly db: Database },
  teardown: Teardown,
): Discovery {
  const discovery = createDiscovery({ ...options, repository: discoveryRepository(db) });
  teardown.add('discovery', () => discovery.close());
  return discovery;
}
