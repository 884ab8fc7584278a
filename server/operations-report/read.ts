import type { Model } from '../../config/model.ts';
import { iso } from '../../core/time.ts';
import type { AlarmFigures } from '../alarm-figures/service.ts';
import { elapsedOf, monthRange } from '../compliance/months.ts';
import type { OperationsView, SiteOperations } from '../contracts/operations.ts';
import type { Database } from '../db/schema.ts';
import type { Historian } from '../historian/historian.ts';
import { rackAvailability } from './availability.ts';
import { energyOf, fuelOf } from './energy.ts';
import { incidentFigures, incidentsOf } from './incidents.ts';

export interface OperationsSources {
  readonly model: Model;
  readonly db: Database;
  readonly historian: Historian;
  readonly alarmFigures: AlarmFigures;
  readonly clock: { now(): number };
}

/** The operations of all sites in a month, as far as it is over. */
export async function operationsOfMonth(
  sources: OperationsSources,
  month: string,
  signal?: AbortSignal,
): Promise<OperationsView> {
  const { model, db, historian, alarmFigures, clock } = sources;
  const now = clock.now();
  const whole = monthRange(month);
  const range = elapsedOf(month, now);
  const rules = { resolve: model.standard.priorities.resolve, calendars: model.calendars };
  const incidents = await incidentsOf(db, { from: whole.from, to: Math.min(whole.to, Math.max(whole.from, now)) });
  const sites: SiteOperations[] = [];
  for (const site of model.sites) {
    const asked = { site: site.id, range, signal };
    sites.push({
      site: site.id,
      siteName: site.name,
      ...incidentFigures(incidents.filter((incident) => incident.site === site.id), rules, now),
      availability: await rackAvailability({ model, historian }, asked),
      energy: await energyOf({ model, historian }, asked),
      fuel: await fuelOf({ model, historian }, asked),
    });
  }
  return {
    month,
    from: iso(range.from),
    to: iso(range.to),
    at: iso(now),
    isOver: now >= whole.to,
    sites,
    alarms: await alarmFigures.read(whole, signal),
  };
} // prettier-ignore
