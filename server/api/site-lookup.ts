import type { Model } from '../../config/model.ts';
import { siteOfRecord } from '../auth/site-repository.ts';
import type { Database } from '../db/schema.ts';
import type { IncidentService } from '../incidents/service.ts';
import type { SiteLookup } from './site-limits.ts';

interface LookupServices {
  readonly model: Model;
  readonly db: Database;
  readonly incidents: Pick<IncidentService, 'get'>;
}

/** Of what the configuration has, the model knows the site; of an incident the service, whose newest may not be stored yet. */
export function siteLookup({ model, db, incidents }: LookupServices): SiteLookup {
  return async (kind, id) => {
    switch (kind) {
      case 'site':
        return id;
      case 'point':
        return model.pointById.get(id)?.site;
      case 'alarm':
        return model.pointById.get(id.slice(id.indexOf('@') + 1))?.site;
      case 'node':
        return model.topology.node(id)?.site;
      case 'incident':
        return (await incidents.get(id))?.site;
      default:
        return siteOfRecord(db, kind, id);
    }
  };
}
