import { z } from 'zod';
import { HostRangeError } from '../../../collectors/discovery/range.ts';
import type { Model } from '../../../config/model.ts';
import { discoveryInput, discoveryPlace, discoveryRun, discoveryView } from '../../contracts/discovery.ts';
import { type Discovery, DiscoveryRefused } from '../../discovery/service.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { badInput, conflict, notFound } from '../../http/problem.ts';
import { checkSiteFilter } from '../known.ts';

export interface DiscoveryServices {
  readonly model: Model;
  readonly discovery: Discovery;
}

/** Searching a site's network for devices that are not configured. What is found is text for the site's file: nothing is configured here. */
export function discoveryEndpoints({ model, discovery }: DiscoveryServices): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/discovery',
      role: 'manager',
      summary: 'The present search for devices or the last one, and what was found and is not configured',
      input: {},
      output: discoveryView,
      handler: async () => ({
        sites: [...discovery.sites],
        run: discovery.run() ?? null,
        findings: await discovery.findings(),
      }),
    }),
    endpoint({
      method: 'post',
      path: '/discovery',
      role: 'manager',
      summary:
        'Search ranges of a site’s network, paced and only reading, with the communities and users that its devices have, and listen to its brokers; one search at a time',
      input: { body: discoveryInput },
      output: discoveryRun,
      status: 202,
      handler({ body, user }) {
        checkSiteFilter(body.site, model);
        const asksHosts = body.snmp || body.modbus;
        if (!asksHosts && !body.mqtt)
          throw badInput('body', 'name a protocol to look for: snmp, modbus, mqtt');
        if (asksHosts && body.ranges.length === 0)
          throw badInput('body.ranges', 'name the addresses to search, such as "10.0.0.0/24"');
        try {
          return discovery.start({ ...body, actor: user.name });
        } catch (error) {
          if (error instanceof HostRangeError) throw badInput('body.ranges', error.message);
          if (error instanceof DiscoveryRefused) throw conflict(error.message);
          throw error;
        }
      },
    }),
    endpoint({
      method: 'post',
      path: '/discovery/stop',
      role: 'manager',
      summary: 'End the search; what it found stays',
      input: {},
      output: z.undefined(),
      handler() {
        discovery.stop();
        return undefined;
      },
    }),
    endpoint({
      method: 'post',
      path: '/discovery/dismiss',
      role: 'manager',
      summary: 'Put a finding aside: it comes back when it is found again',
      input: { body: discoveryPlace },
      output: z.undefined(),
      async handler({ body }) {
        if (!(await discovery.dismiss(body))) throw notFound(`nothing was found at ${body.address}`);
        return undefined;
      },
    }),
  ];
}
