import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import { namesOf } from '../../../config/names.ts';
import { deviceKind } from '../../../config/schema/common.ts';
import { page } from '../../contracts/common.ts';
import { deviceView as deviceViewSchema } from '../../contracts/sites.ts';
import { deviceDiagnosticsView } from '../../contracts/system.ts';
import type { Clock } from '../../../core/clock.ts';
import type { CollectedDiagnostics } from '../../ingest/remote-collectors.ts';
import type { TroubleLog } from '../../ingest/troubles.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { checkSiteFilter, sitesQuery } from '../known.ts';
import { pageOfArray, pageQuery } from '../../http/page.ts';
import { deviceDiagnosticsRow, deviceView, pointsByDevice } from '../views/device.ts';
import { isOfSites } from '../../../core/site-filter.ts';

export interface DeviceServices {
  readonly model: Model;
  readonly clock: Clock;
  readonly deviceDiagnostics: () => readonly CollectedDiagnostics[];
  readonly troubles: Pick<TroubleLog, 'lastHour'>;
}

export function deviceEndpoints({ model, clock, deviceDiagnostics, troubles }: DeviceServices): Endpoint[] {
  const points = pointsByDevice(model);
  const names = namesOf(model);
  const query = z.strictObject({ ...pageQuery, site: sitesQuery, kind: deviceKind.optional() });
  return [
    endpoint({
      method: 'get',
      path: '/devices',
      role: 'wall',
      summary: 'Devices with what is read from them; rack: those that are in it or measure it',
      input: { query: query.extend({ rack: z.string().optional() }) },
      output: page(deviceViewSchema),
      csv: true,
      handler({ query: { site, kind, rack, ...rest } }) {
        checkSiteFilter(site, model);
        const found = model.devices.filter(
          (device) =>
            isOfSites(site, device.site) &&
            (kind ?? device.kind) === device.kind &&
            (rack === undefined || device.rack === rack),
        );
        return pageOfArray(found, rest, (device) => deviceView(device, names.node(device.key), points));
      },
    }),
    endpoint({
      method: 'get',
      path: '/devices/health',
      role: 'viewer',
      summary:
        'How each device answers: lost or not, latency, timeouts, late and skipped polls, what could not be read',
      input: { query },
      output: page(deviceDiagnosticsView),
      csv: true,
      handler({ query: { site, kind, ...rest } }) {
        checkSiteFilter(site, model);
        const found = deviceDiagnostics().filter(
          ({ device }) => isOfSites(site, device.site) && (kind ?? device.kind) === device.kind,
        );
        return pageOfArray(found, rest, (row) =>
          deviceDiagnosticsRow(row, {
            name: names.node(row.device.key),
            lastHour: troubles.lastHour(row, clock.monotonic()),
          }),
        );
      },
    }),
  ];
}
