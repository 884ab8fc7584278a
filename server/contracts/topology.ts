import { z } from 'zod';
import { deviceKind, feedName } from '../../config/schema/common.ts';

/** How the things of a site hang together (docs/topology.md). Keys as in the model: `dc/ups-a1`, `dc/panel:A`. */
export const topologyView = z.object({
  site: z.string(),
  nodes: z.array(
    z.object({
      key: z.string(),
      id: z.string(),
      kind: z.enum([
        'site', 'room', 'row', 'rack', 'grid', 'panel', 'broker', 'gateway', 'collector', 'device',
      ]), // prettier-ignore
      device: deviceKind.nullable(),
      feed: feedName.nullable(),
    }),
  ),
  edges: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      type: z.enum(['supplies', 'cools', 'carries', 'contains']),
      feed: feedName.nullable(),
      /** By kind, role and feed, or because the site's file reports it. */
      why: z.enum(['default', 'configured']),
      /** Of a supply into a rack: the device that meters it, where the source does not. */
      meter: z.string().nullable(),
    }),
  ),
});
export type TopologyView = z.infer<typeof topologyView>;
