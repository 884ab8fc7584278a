import { z } from 'zod';

const number = z.number().nullable();

/** Mean temperatures of a hall that people act on: the limit of BAB IV.4, and what equipment is allowed to take (ASHRAE A1). */
export const limitsC = [27, 32] as const;

/** Minutes until a hall is that warm; `never`: it settles below; null: not known. */
const reached = z.object({
  limitC: z.number(),
  minutes: z.union([z.number(), z.literal('never')]).nullable(),
});

const figures = z.object({
  dark: number,
  losesRedundancy: number,
  overloads: number,
  /** Keys of the racks that are dark; null: not known. Absent in what earlier versions kept. */
  darkRacks: z.array(z.string()).nullable().default(null),
  /** By key of a UPS: minutes on battery. */
  batteries: z.record(z.string(), number),
  /** By key of a UPS: kW. */
  loads: z.record(z.string(), number),
  /** What the gensets carry together; null: they do not start, or it is not known. */
  gensetKw: number.default(null),
  /** By key of a hall: °C. */
  temperatures: z.record(z.string(), number),
  /** By key of a hall. */
  warming: z.record(z.string(), z.array(reached)).default({}),
});
/** What a failure does, predicted or seen; null: not known. */
export type Figures = z.infer<typeof figures>;

const pduLoads = z.object({
  /** Rack PDUs and branch meters whose load was predicted and read. */
  compared: z.int(),
  medianErrorPercent: z.number(),
  largestErrorPercent: z.number(),
  /** The PDUs that were furthest off, worst first. */
  worst: z.array(z.object({ rack: z.string(), feed: z.enum(['A', 'B']), predicted: z.number(), seen: z.number() })),
}); // prettier-ignore
export type PduLoads = z.infer<typeof pduLoads>;

const seenFigures = figures.extend({
  pdus: pduLoads.nullable().default(null),
  /** Racks whose meters were silent although power was predicted for them: what became of them is not known. */
  unread: z.int().default(0),
  /** How long the halls were watched, minutes. */
  watchedMinutes: number.default(null),
});
/** What followed. */
export type SeenFigures = z.infer<typeof seenFigures>;

export const parseFigures = (json: string): Figures => figures.parse(JSON.parse(json));
export const parseSeen = (json: string): SeenFigures => seenFigures.parse(JSON.parse(json));
