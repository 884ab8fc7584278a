import { z } from 'zod';
import {
  deviceKind,
  feedName,
  label,
  level,
  position,
  rackFunction,
  roomKind,
} from '../../config/schema/common.ts';
import { deviceRole } from '../../config/schema/site.ts';
import { protocol } from './common.ts';

const band = z.object({ min: z.number(), max: z.number(), clause: z.string() });

/** Enough to lay out the wall; the values come over the socket (`live.ts`). Point ids: `site/owner[/part]/quantity`. */
const rackView = z.object({
  id: z.string(),
  label: z.string(),
  room: z.string(),
  row: z.string(),
  number: z.int(),
  function: rackFunction,
  limitKw: z.number(),
  /** Ids of the points that the plan's layers and the rack's panel show; null where nothing measures it. */
  points: z.object({
    temperature: z.string().nullable(),
    humidity: z.string().nullable(),
    dewPoint: z.string().nullable(),
    feedA: z.string().nullable(),
    feedB: z.string().nullable(),
    power: z.string(),
    loadAfterLoss: z.string(),
  }),
});
export type RackView = z.infer<typeof rackView>;

export const deviceView = z.object({
  id: z.string(),
  site: z.string(),
  kind: deviceKind,
  role: deviceRole.nullable(),
  /** As people call it: the configuration's, else made of its kind and id. */
  name: label,
  profile: z.string(),
  maker: z.string(),
  model: z.string(),
  toBeConfirmed: z.string().nullable(),
  protocol,
  room: z.string(),
  rack: z.string().nullable(),
  feed: feedName.nullable(),
  position: position.nullable(),
  rating: z.object({ kw: z.number().nullable(), litres: z.number().nullable() }),
  /** Id of its link point: 1 answering, 0 lost. */
  link: z.string(),
  points: z.array(
    z.object({
      id: z.string(),
      part: z.string().nullable(),
      quantity: z.string(),
      unit: z.string(),
      states: z.record(z.string(), z.string()).nullable(),
      /** The maker's word for a code, where the state has another name. */
      words: z.record(z.string(), z.string()).optional(),
      staleAfterMs: z.number().optional(),
    }),
  ),
});
export type DeviceView = z.infer<typeof deviceView>;

const roomView = z.object({ id: z.string(), kind: roomKind, name: label });

export const siteSummary = z.object({
  id: z.string(),
  name: z.string(),
  building: z.string(),
  clause: z.string(),
  racks: z.int(),
});

export const siteView = siteSummary.extend({
  impact: level,
  limits: z.object({
    temperature: band,
    humidity: band,
    endurance: z.object({ hours: z.number(), clause: z.string() }),
    rackPower: z.object({ clause: z.string() }),
    /** Sum of what every rack may draw, kW. */
    capacityKw: z.number(),
  }),
  rooms: z.array(roomView),
  racks: z.array(rackView),
  /** All devices but the meters and sensors of racks, which are reached through their rack. */
  devices: z.array(deviceView),
  /** What supplies the panels of feeds A and B, from grid and gensets down; ids as in `GET topology` (`ups-a1`, `panel:A`). */
  supply: z.array(z.object({ from: z.string(), to: z.string() })),
  /** What a visit asks for (ITSM.3 and the place's own fields); null: the standard names no access service for the site. */
  access: z
    .object({
      service: z.string(),
      /** Third parties must be accompanied by the PIC. */
      escortRequired: z.boolean(),
      roomsRequired: z.boolean(),
      fields: z.array(
        z.object({
          key: z.string(),
          label,
          required: z.boolean(),
          kind: z.enum(['text', 'number', 'choice']),
          choices: z.array(z.object({ choice: z.string(), name: label })),
        }),
      ),
    })
    .nullable(),
});
export type AccessFieldView = NonNullable<SiteView['access']>['fields'][number];
export type SiteView = z.infer<typeof siteView>;
