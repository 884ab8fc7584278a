import { z } from 'zod';
import type { Device, Model } from '../../../config/model.ts';
import { FieldError } from '../../../collectors/drivers/driver.ts';
import { UnknownDeviceError } from '../../../collectors/probe/probe.ts';
import { type Commissioning, CommissioningRefused } from '../../commissioning/service.ts';
import { page } from '../../contracts/common.ts';
import {
  commissioningInput,
  commissioningReading,
  commissioningSummary,
  commissioningView,
} from '../../contracts/commissioning.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { pageOfArray, pageQuery } from '../../http/page.ts';
import { conflict, notFound } from '../../http/problem.ts';
import { checkSiteFilter, sitesQuery } from '../known.ts';

export interface CommissioningServices {
  readonly model: Model;
  readonly commissioning: Commissioning;
}

const params = z.strictObject({ site: z.string().min(1).max(100), device: z.string().min(1).max(100) });

/** Comparing every value of a device with its own display. Each command is an audit entry, as all are. */
export function commissioningEndpoints({ model, commissioning }: CommissioningServices): Endpoint[] {
  function deviceOf({ site, device }: z.infer<typeof params>): Device {
    const found = model.deviceById.get(`${site}/${device}`);
    if (found === undefined) throw notFound(`there is no device ${site}/${device}`);
    return found;
  }
  return [
    endpoint({
      method: 'get',
      path: '/commissioning',
      role: 'viewer',
      summary: 'Which devices were compared with their own displays, and whether that still holds',
      input: { query: z.strictObject({ ...pageQuery, site: sitesQuery }) },
      output: page(commissioningSummary),
      csv: true,
      async handler({ query: { site, ...rest } }) {
        checkSiteFilter(site, model);
        return pageOfArray(await commissioning.list(site), rest, (row) => row);
      },
    }),
    endpoint({
      method: 'get',
      path: '/commissioning/:site/:device',
      role: 'viewer',
      summary: 'What was compared with a device’s own display, by whom and when, the newest value by value',
      input: { params },
      output: commissioningView,
      handler: ({ params: place }) => commissioning.view(deviceOf(place)),
    }),
    endpoint({
      method: 'post',
      path: '/commissioning/:site/:device/readings',
      role: 'operator',
      summary:
        'Read a device once: every value beside where it stands and what the device sent (of a site that a collector polls: what that read last)',
      input: { params },
      output: commissioningReading,
      status: 201,
      heavy: true,
      async handler({ params: place }) {
        const device = deviceOf(place);
        if (device.points.length === 0) throw conflict(`nothing is read from ${device.key}`);
        try {
          return await commissioning.read(device);
        } catch (error) {
          if (error instanceof FieldError || error instanceof UnknownDeviceError)
            throw conflict(`the device could not be read: ${error.message}`);
          throw error;
        }
      },
    }),
    endpoint({
      method: 'post',
      path: '/commissioning/:site/:device',
      role: 'operator',
      summary: 'Keep what was found: of each value that was read, whether the device’s own display agrees',
      input: { params, body: commissioningInput },
      output: commissioningView,
      status: 201,
      bodyLimit: '1mb',
      async handler({ params: place, body, user }) {
        const device = deviceOf(place);
        try {
          await commissioning.confirm(device, { ...body, actor: user.name });
        } catch (error) {
          if (error instanceof CommissioningRefused) throw conflict(error.message);
          throw error;
        }
        return commissioning.view(device);
      },
    }),
  ];
}
