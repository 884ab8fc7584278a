import { z } from 'zod';
import { label, priority } from '../../config/schema/common.ts';
import { alarmFiguresView } from './alarm-figures.ts';
import { instant } from './common.ts';

/** The month of the control room: incidents, availability, energy and fuel of every site. */

const duration = z.number().nullable();
const priorityFigures = z.object({
  priority,
  count: z.int(),
  /** Solved in time; too late or still open beyond it; open and in time. */
  kept: z.int(),
  broken: z.int(),
  open: z.int(),
  /** Elapsed ms, over those that have one; null: there is none. */
  acknowledge: z.object({ median: duration, p90: duration, count: z.int() }),
  resolve: z.object({ median: duration, p90: duration, count: z.int() }),
});
export type PriorityFigures = z.infer<typeof priorityFigures>;

const brokenIncident = z.object({
  id: z.string(),
  title: label,
  priority,
  openedAt: instant,
  dueAt: instant,
  endedAt: instant.nullable(),
});
export type BrokenIncident = z.infer<typeof brokenIncident>;

/** Racks with at least one feed; what was not measured is neither. */
const availability = z.object({
  racks: z.int(),
  /** Racks that never had a load in the month: whether they were supplied is not known. */
  unused: z.int(),
  /** Percent of the measured rack time; null: nothing was measured. */
  supplied: z.number().nullable(),
  coverage: z.number(),
  /** Racks that were dark, longest first. */
  dark: z.array(z.object({ rack: z.string(), ms: z.number() })),
});
export type Availability = z.infer<typeof availability>;

const energy = z.object({
  /** Null: not enough was measured. */
  pue: z.number().nullable(),
  /** Where the energy of the IT equipment is metered (EN 50600-4-2): 1 UPS output, 2 PDU. Null: nowhere. */
  category: z.union([z.literal(1), z.literal(2)]).nullable(),
  facilityKwh: z.number().nullable(),
  itKwh: z.number().nullable(),
  /** Percent of the hours in which both were measured. */
  coverage: z.number(),
});
export type Energy = z.infer<typeof energy>;

const fuel = z.object({
  usedLitres: z.number().nullable(),
  refilledLitres: z.number().nullable(),
  startLitres: z.number().nullable(),
  endLitres: z.number().nullable(),
  capacityLitres: z.number().nullable(),
  coverage: z.number(),
});
export type Fuel = z.infer<typeof fuel>;

const siteOperations = z.object({
  site: z.string(),
  siteName: z.string(),
  priorities: z.array(priorityFigures),
  broken: z.array(brokenIncident),
  availability,
  energy,
  fuel,
});
export type SiteOperations = z.infer<typeof siteOperations>;

export const operationsView = z.object({
  month: z.string(),
  from: instant,
  to: instant,
  at: instant,
  isOver: z.boolean(),
  sites: z.array(siteOperations),
  alarms: alarmFiguresView,
});
export type OperationsView = z.infer<typeof operationsView>;
