import { z } from 'zod';
import { feedName, label } from '../../config/schema/common.ts';
import { instant } from './common.ts';

/** What would happen if something failed, from the present load; what is free; how the last predictions held (docs/capacity.md). */

/** Null and a reason, never a number that nobody measured. */
const missing = z.object({
  what: z.enum(['point', 'rating']),
  id: z.string(),
  /** Of the thing that is read or rated, as people call it. */
  name: label,
  /** Why a point has no value; null: nothing was ever read. */
  reason: z.string().nullable(),
});

const rackCounts = z.object({
  survives: z.int(),
  losesRedundancy: z.int(),
  overloads: z.int(),
  dark: z.int(),
  unknown: z.int(),
});
export type RackCounts = z.infer<typeof rackCounts>;

const elementKind = z.enum(['grid', 'ats', 'genset', 'ups', 'panel', 'pdu', 'pac', 'router']);
export const elementView = z.object({
  key: z.string(),
  kind: elementKind,
  /** As people call it. */
  name: label,
});
export type ElementView = z.infer<typeof elementView>;

const batteryView = z.object({
  ups: z.string(),
  loadKw: z.number().nullable(),
  until: z.enum(['until-gensets', 'no-source']),
  minutes: z.number().nullable(),
  by: z.enum(['measured', 'curve', 'at-most', 'at-least']).nullable(),
  neededMinutes: z.number().nullable(),
});

const hallView = z.object({
  hall: z.string(),
  name: label,
  lost: z.array(z.string()),
  left: z.int(),
  /** By what the PACs use of their capacity now. */
  needed: z.int().nullable(),
  /** Minutes until the hall's mean inlet temperature is there; null with `why`: not known; null without: never. */
  minutesTo27: z.number().nullable(),
  minutesTo32: z.number().nullable(),
  /** Error of the thermal model, °C (one standard deviation of its prediction). */
  errorC: z.number().nullable(),
  why: z.string().nullable(),
});

/** What is told by its key beside it, as people call it. */
const names = z.record(z.string(), label);

const consequences = {
  names,
  racks: rackCounts,
  batteries: z.array(batteryView),
  gensets: z
    .object({
      loadKw: z.number().nullable(),
      ratedKw: z.number().nullable(),
      sets: z.int(),
      fuelHours: z.number().nullable(),
    })
    .nullable(),
  switchedOff: z.array(
    z.object({
      key: z.string(),
      feed: feedName.nullable(),
      load: z.number().nullable(),
      limit: z.number(),
      unit: z.enum(['kW', 'A']),
      step: z.int(),
      isCertain: z.boolean(),
      /** The limit is assumed by the configuration: nobody has read the breaker's plate. */
      isAssumed: z.boolean(),
    }),
  ),
  near: z.array(z.object({ key: z.string(), loadKw: z.number(), limitKw: z.number() })),
  halls: z.array(hallView),
  unseen: z.int(),
  missing: z.array(missing),
};

/** One failure, or several at once, in full. */
export const whatIfView = z.object({
  site: z.string(),
  at: instant,
  elements: z.array(elementView),
  ...consequences,
  /** Racks that do not stay as they are. */
  affected: z.array(
    z.object({
      rack: z.string(),
      label: z.string(),
      state: z.enum(['loses-redundancy', 'overloads', 'dark', 'unknown']),
      feeds: z.array(feedName),
      kw: z.number().nullable(),
      limitKw: z.number(),
      missing: z.array(missing),
    }),
  ),
});
export type WhatIfView = z.infer<typeof whatIfView>;

const scenarioView = z.object({
  site: z.string(),
  elements: z.array(elementView),
  racks: rackCounts,
  /** Halls whose PACs that are left do not suffice. */
  hotHalls: z.int(),
});
export type ScenarioView = z.infer<typeof scenarioView>;

/** A single failure of the plant with what it does. */
const singleView = z.object({ site: z.string(), element: elementView, ...consequences });
export type SingleView = z.infer<typeof singleView>;

const usageView = z.object({
  /** Site, room, row or feed. */
  key: z.string(),
  kind: z.enum(['site', 'room', 'row', 'feed']),
  name: label.nullable(),
  /** Those that draw more than an idle switch; a feed counts none. */
  racks: z.object({ all: z.int(), used: z.int(), unknown: z.int() }).nullable(),
  usedKw: z.number().nullable(),
  /** By the limits of its racks; of a feed by its UPSs with one of them lost. */
  limitKw: z.number().nullable(),
  freeKw: z.number().nullable(),
  /** Of what is free in racks, what cannot be used, and the first limit that stops it. */
  strandedKw: z.number().nullable(),
  strandedBy: z.enum(['feed', 'cooling', 'genset', 'grid']).nullable(),
});
export type UsageView = z.infer<typeof usageView>;

const trendView = z.object({
  key: z.string(),
  kind: z.enum(['site', 'room', 'feed']),
  name: label.nullable(),
  limitKw: z.number().nullable(),
  /** Daily means, WIB. */
  days: z.array(z.object({ day: z.iso.date(), kw: z.number() })),
  /** Null with a reason: the data does not carry one. */
  trend: z
    .object({
      kwPerMonth: z.number(),
      /** 95 % interval of the slope. */
      low: z.number(),
      high: z.number(),
      reaches: z
        .object({ date: z.iso.date(), earliest: z.iso.date(), latest: z.iso.date().nullable() })
        .nullable(),
    })
    .nullable(),
  why: z.enum(['too-few-days', 'no-slope']).nullable(),
});
export type TrendView = z.infer<typeof trendView>;

const predictedAndSeen = z.object({ predicted: z.number().nullable(), seen: z.number().nullable() });

/** A prediction that was kept because its failure happened. */
const predictionView = z.object({
  id: z.string(),
  site: z.string(),
  at: instant,
  elements: z.array(elementView),
  names,
  /** Null: it is still being watched. */
  judgedAt: instant.nullable(),
  dark: predictedAndSeen,
  losesRedundancy: predictedAndSeen,
  overloads: predictedAndSeen,
  /** By UPS; minutes on battery that were predicted, and as the UPS itself said while it discharged. */
  batteries: z.array(
    z.object({ ups: z.string(), predicted: z.number().nullable(), seen: z.number().nullable() }),
  ),
  /** By UPS that carries on: kW. */
  loads: z.array(
    z.object({ key: z.string(), predicted: z.number().nullable(), seen: z.number().nullable() }),
  ),
  /** What the gensets carry together, kW; null: they were not predicted to start. */
  gensets: predictedAndSeen.nullable(),
  /** Rack PDUs and branch meters; null: nothing was compared. */
  pdus: z
    .object({
      compared: z.int(),
      medianErrorPercent: z.number(),
      largestErrorPercent: z.number(),
      /** Furthest off first, kW. */
      worst: z.array(z.object({ rack: z.string(), feed: feedName, predicted: z.number(), seen: z.number() })),
    })
    .nullable(),
  temperatures: z.array(
    z.object({ hall: z.string(), predicted: z.number().nullable(), seen: z.number().nullable() }),
  ),
  /** Minutes until the hall's mean is there. `never`: it was predicted to settle below; `seen` null: not within `watchedMinutes`. */
  warming: z.array(
    z.object({
      hall: z.string(),
      limitC: z.number(),
      predicted: z.union([z.number(), z.literal('never')]).nullable(),
      seen: z.number().nullable(),
    }),
  ),
  /** How long halls were watched; null: none lost a PAC. */
  watchedMinutes: z.number().nullable(),
  /** Racks that went dark although that was not predicted, and the other way round; null: it cannot be said. */
  darkRacks: z.object({ notPredicted: z.array(z.string()), notSeen: z.array(z.string()) }).nullable(),
  /** Racks of which nothing could be read. */
  unread: z.int(),
  /** Largest errors of the above; null: nothing to compare. Loads and minutes on battery in % of what was seen, minutes to a limit in minutes. */
  loadErrorPercent: z.number().nullable(),
  batteryErrorPercent: z.number().nullable(),
  gensetErrorPercent: z.number().nullable(),
  temperatureErrorC: z.number().nullable(),
  minutesError: z.number().nullable(),
});
export type PredictionView = z.infer<typeof predictionView>;

const capacitySiteView = z.object({
  site: z.string(),
  name: z.string(),
  /** When it was computed; null: not yet. */
  at: instant.nullable(),
  tookMs: z.number().nullable(),
  usage: z.array(usageView),
  /** Of the plant, worst first; those of rack PDUs are counted. */
  singles: z.array(singleView),
  /** Pairs that are worse than their parts, worst first. */
  worstPairs: z.array(scenarioView),
  pairs: z.object({ all: z.int(), dark: z.int(), overloaded: z.int(), unknown: z.int() }),
  pdus: z.object({ all: z.int(), dark: z.int(), overloads: z.int(), unknown: z.int() }),
  elements: z.array(elementView),
  missing: z.array(missing),
  missingCount: z.int(),
  /** What has no rating and is therefore not judged: panels, switches. */
  notJudged: z.array(elementView),
  /** Rack feeds by what is known of their breakers: a rating of the configuration, one that it says is assumed, none. */
  breakers: z.object({
    rated: z.int(),
    assumed: z.int(),
    unrated: z.int(),
    assumedAmps: z.array(z.number()),
  }),
  thermal: z.array(
    z.object({
      hall: z.string(),
      name: label,
      /** Null with `why`. */
      model: z
        .object({ minutesTau: z.number(), errorC: z.number(), buckets: z.int(), from: instant, to: instant })
        .nullable(),
      why: z.string().nullable(),
    }),
  ),
});
export type CapacitySiteView = z.infer<typeof capacitySiteView>;

export const capacityView = z.object({ items: z.array(capacitySiteView), next: z.null() });
export const trendsView = z.object({ items: z.array(trendView), next: z.null() });
/** Over the latest 100 events that could be compared. */
const accuracyView = z.object({
  figure: z.enum(['ups-load', 'pdu-load', 'battery', 'genset-load', 'temperature', 'minutes', 'dark-racks']),
  events: z.int(),
  /** Of the events' errors: %, °C, minutes, racks. */
  median: z.number(),
  largest: z.number(),
});
export type AccuracyView = z.infer<typeof accuracyView>;

export const predictionsView = z.object({
  items: z.array(predictionView),
  next: z.string().nullable(),
  accuracy: z.array(accuracyView),
});
