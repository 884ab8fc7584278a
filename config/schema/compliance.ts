import { z } from 'zod';
import { durationBetween, label, slug } from './common.ts';
import { limitSchema, selectorSchema } from './rule.ts';

/** What a site has to have and to hold by the catalogue, and how each of it is proven: `compliance/<standard>.yaml`. */

const percent = z.number().min(0).max(100);

const common = {
  /** Unique in its row. */
  proof: slug,
  name: label,
  /** False: shown beside the others, and the verdict does not depend on it. */
  decides: z.boolean().default(true),
};

/** Points that must lie within limits, or be in certain states. */
const measured = z.strictObject({
  ...common,
  by: z.literal('points'),
  points: selectorSchema,
  /** The value must not be lower or higher. A point without the limit is left out. */
  low: limitSchema.optional(),
  high: limitSchema.optional(),
  /** The states that are right. */
  states: z.array(z.string()).min(1).optional(),
  /** Of states: where the requirement comes from; `{clause}` is the site's part of the catalogue. */
  source: z.string().optional(),
  /** A value that does not move for this long is taken for that of a frozen sensor: it proves nothing. */
  frozenAfter: durationBetween('1h', '31d').optional(),
});
export type MeasuredEntry = z.infer<typeof measured>;

/** What follows from the configuration: how much there is, and how it hangs together. */
const topologyChecks = [
  'racks', 'rack-feeds', 'pln-sources', 'hall-doors', 'mantrap', 'hall-pacs', 'hall-climate', 'hall-vesda', 'hall-fire-zones',
  'genset-fire-zones', 'hall-leak', 'operating-room', 'ups-per-feed', 'cctv', 'gensets', 'providers',
] as const; // prettier-ignore
export type TopologyCheck = (typeof topologyChecks)[number];
const derived = z.strictObject({ ...common, by: z.literal('topology'), check: z.enum(topologyChecks) });

/** A paper that somebody uploads; it counts until it expires. */
const documented = z.strictObject({
  ...common,
  by: z.literal('document'),
  document: slug,
  /** People are reminded so long before it expires. */
  remindBefore: durationBetween('1d', '365d').prefault('30d'),
});

/** What another part of the product records. */
const recorded = z.strictObject({
  ...common,
  by: z.literal('module'),
  module: z.enum(['load-tests', 'access-log', 'shifts']),
});

const proof = z.discriminatedUnion('by', [measured, derived, documented, recorded]);
export type ProofEntry = z.infer<typeof proof>;

const row = z.strictObject({
  row: slug,
  /** Of the site's clause: BAB IV.1.4 is number 4 of BAB IV.1. */
  number: z.string().regex(/^\d+$/, 'digits, such as "4"'),
  name: label,
  /** What is asked for. `{temperature.max}` stands for a figure of the site's row of the standard, `{facts.cooling}` for one of `facts`. */
  rule: label,
  proofs: z.array(proof).min(1),
});

export const complianceSchema = z.strictObject({
  /** Whoever judges with less says "not proven". The catalogue is silent about both, so they are settings with a source. */
  needed: z.strictObject({
    /** Share of the time, and of the points, that must have been measured, %. */
    coverage: percent,
    /** Share of the measured time for which a rule must have held, %. */
    share: percent,
    source: label,
  }),
  /** Inlet temperatures of the rack cooling index (RCI). */
  inlet: z.strictObject({
    recommended: z.strictObject({ min: z.number(), max: z.number() }),
    allowable: z.strictObject({ min: z.number(), max: z.number() }),
    source: z.string().min(1),
  }),
  /** Site of the standard → name → text: what differs from site to site and is no figure. */
  facts: z.record(slug, z.record(slug, label)),
  rows: z.array(row).min(1),
});
export type ComplianceCatalogue = z.infer<typeof complianceSchema>;
