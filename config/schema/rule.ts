import { z } from 'zod';
import { deviceKind, durationBetween, durationMs, label, level, position, roomKind, slug } from './common.ts';
import { deviceRole } from './site.ts';

/** Where a limit or a judged state comes from. `{clause}` stands for the site's part of the catalogue: "{clause}.5" is BAB IV.1.5 in the DC. */
const source = z.string().min(1);

/**
 * A rule judges points on the stream (ISA-18.2 detection). A limit is a number with its source, or the name of a
 * limit in the standard, which the site's own row fills in.
 */
export const limitSchema = z.union([
  z.strictObject({
    standard: z.enum([
      'temperature.min', 'temperature.max', 'humidity.min', 'humidity.max', 'rack-power', 'endurance', 'ups-backup-time',
      'spare-gensets', 'spare-ups', 'frame-rate',
    ]),
  }),
  z.strictObject({ value: z.number(), source }),
  /**
   * A figure of the device's own entry; devices without it are not judged. `capacity`: the kW that it carries (a phase a third of it), of
   * a panel those of the UPSs that supply it.
   */
  z.strictObject({ rating: z.enum(['needed-autonomy', 'capacity']), source }),
  /** What the device's entry says its maker allows of this quantity; devices without it are not judged. */
  z.strictObject({ maker: z.enum(['min', 'max']), source }),
]); // prettier-ignore
export type LimitEntry = z.infer<typeof limitSchema>;

/** Other points of the same site, found from the judged one. */
const otherPoints = {
  quantity: z.array(slug).min(1),
  part: z.array(slug).min(1).optional(),
  kind: z.array(deviceKind).min(1).optional(),
  role: z.array(deviceRole).min(1).optional(),
  /** Where they are: on the same device, rack or room; on what supplies it; in the same room; anywhere in the site. */
  on: z.enum(['same', 'suppliers', 'room', 'site']).default('same'),
};
export type OtherPointsEntry = z.infer<z.ZodObject<typeof otherPoints>>;

const states = z.array(z.string()).min(1);

const condition = z.union([
  z.strictObject({ above: limitSchema }),
  z.strictObject({ below: limitSchema }),
  /** Names of states, as in the profile; the clause or source that makes them a disturbance. */
  z.strictObject({ states, source }),
  /** ISA-18.2 deviation alarm: the value is further than this from another point's, its set point for instance. */
  z.strictObject({ deviates: limitSchema, from: z.strictObject(otherPoints) }),
  /** No usable value for this long. */
  z.strictObject({ stale: durationBetween('1s', '30d'), source }),
]);

/** A condition on other points; it holds when one of them meets it, with a value that is good and fresh. */
const otherCondition = z.union([
  z.strictObject({ ...otherPoints, states }),
  z.strictObject({ ...otherPoints, above: z.number() }),
  z.strictObject({ ...otherPoints, below: z.number() }),
]);
export type OtherConditionEntry = z.infer<typeof otherCondition>;

/** What people declare of a site or room for a time, so that alarms which it causes are not annunciated. */
export const plantState = z.enum(['load-test', 'permit']);
export type PlantState = z.infer<typeof plantState>;

/**
 * Suppression by design (ISA-18.2): while this holds the alarm says nothing that is not known, so it is journalled and not annunciated.
 * `during`: a load test of the site, or a permit in the room.
 */
const suppressionText = {
  reason: label,
  /** How long after the condition has ended the alarm stays suppressed. */
  linger: durationMs.default(0),
};
const suppression = z.union([
  z.strictObject({ during: plantState, ...suppressionText }),
  z.strictObject({ while: otherCondition, ...suppressionText }),
]);
export type SuppressionEntry = z.infer<typeof suppression>;

/** Which points; every field given must fit, a list fits if one of its items does. */
export const selectorSchema = z.strictObject({
  quantity: z.array(slug).min(1),
  /** Parts as they stand in the point id. */
  part: z.array(slug).min(1).optional(),
  /** True: only what measures the thing as a whole, no part of it. */
  whole: z.boolean().optional(),
  kind: z.array(deviceKind).min(1).optional(),
  owner: z
    .array(z.enum(['device', 'rack', 'room', 'site']))
    .min(1)
    .optional(),
  room: z.array(roomKind).min(1).optional(),
  position: z.array(position).min(1).optional(),
  /** Points that measure one feed of a rack. */
  rackFeed: z.boolean().optional(),
  role: z.array(deviceRole).min(1).optional(),
  /** Only in these places: ids of sites and devices, labels of racks. */
  site: z.array(z.string()).min(1).optional(),
  device: z.array(z.string()).min(1).optional(),
  rack: z.array(z.string()).min(1).optional(),
});
export type SelectorEntry = z.infer<typeof selectorSchema>;

/** The tile of the wall that a rule's incidents colour. */
export const discipline = z.enum(['power', 'cooling', 'fire', 'water', 'access', 'network']);
export type Discipline = z.infer<typeof discipline>;

/** What an active alarm says of the thing it is on. Other rules name it as what explains them. */
export const effect = z.enum([
  'supply-lost',
  'on-battery',
  'battery-low',
  'output-lost',
  'not-cooling',
  'too-hot',
  'link-lost',
  'provider-lost',
  'internet-lost',
]);
export type Effect = z.infer<typeof effect>;

/** Alarms of other rules that explain this one: then it is a consequence and belongs to their incident. */
const explanation = z.strictObject({
  /** How the cause gets there: along the topology's edges towards what it comes from, or on the thing itself. */
  through: z.enum(['supplies', 'cools', 'carries', 'self']),
  effects: z.array(effect).min(1),
  /** Of `supplies`: it takes a cut on every path to the thing (gensets, which stand by, are no path), or on one is enough. */
  paths: z.enum(['all', 'one']).default('all'),
  /** Explains only what begins this long after the cause at most. Absent: however late. */
  within: durationMs.optional(),
  /**
   * With no such alarm: most things behind one supplier or carrier have this alarm at once, so that one is the cause. Which of
   * several on the way: the nearest to them, or the source.
   */
  infer: z.enum(['nearest', 'source']).optional(),
});
export type ExplanationEntry = z.infer<typeof explanation>;

/** What `domain/wording` fills in: the things that are affected and how many of how many, the room and site, the value now, the limit. */
export const titlePlaceholders = ['things', 'where', 'site', 'value', 'limit'] as const;

const titleText = z
  .string()
  .refine(
    (text) =>
      [...text.matchAll(/\{([^{}]*)\}/g)].every(([, name]) =>
        titlePlaceholders.some((known) => known === name),
      ),
    `only the placeholders ${titlePlaceholders.map((name) => `{${name}}`).join(', ')}`,
  );

const ruleFields = z.strictObject({
  rule: slug,
  name: label,
  discipline,
  points: selectorSchema,
  when: condition,
  /** ISA-18.2 discrepancy alarm: it takes this too, a feedback that contradicts the command for instance. */
  and: otherCondition.optional(),
  /** Which of several limits of the same quantity this one is; HH must be above H, LL below L. */
  level: z.enum(['HH', 'H', 'L', 'LL']).optional(),
  /** How far back inside the limit a value must come before the alarm returns; in the point's unit. */
  deadband: z.number().min(0).default(0),
  onDelay: durationMs.default(0),
  offDelay: durationMs.default(0),
  /** Latched alarms stay until they are reset after inspection. */
  latched: z.boolean().default(false),
  urgency: level,
  /**
   * The incident's title as a sentence, with {placeholders} that `domain/wording` fills from its alarms: what happened,
   * where, how many of how many, the value now. Absent: the name.
   */
  title: z.strictObject({ id: titleText, en: titleText }).optional(),
  /** What follows if nobody acts. */
  consequence: label.optional(),
  /** What the person who responds does first. */
  firstAction: label.optional(),
  /** How soon somebody must act for the consequence not to follow (ISA-18.2: allowable response time). */
  respondWithin: durationMs.optional(),
  /**
   * It leaves people less time than they know of: they are told at once, however lately they were told of something else, also when it
   * joins an incident that they have acknowledged. Once for an incident.
   */
  pagesAtOnce: z.boolean().default(false),
  /** Fire, extinguishing gas, water and duress: shown first, never grouped under another cause and never suppressed by design. */
  lifeSafety: z.boolean().default(false),
  effect: effect.optional(),
  explainedBy: z.array(explanation).default([]),
  /** Alarms that nothing explains make one incident by room and effect (or rule), or by the device they are on. */
  gather: z.enum(['room', 'device']).default('room'),
  suppressedWhen: z.array(suppression).default([]),
  /**
   * Who may shelve the alarm, and for how long at most. Absent: an operator for a shift of 8 h, a manager for 24 h; of life safety only a
   * manager, for 1 h.
   */
  shelving: z
    .strictObject({ role: z.enum(['operator', 'manager', 'admin']), max: durationBetween('1m', '7d') })
    .optional(),
});

/** A rule judges points on the stream (ISA-18.2 detection). */
export const rule = ruleFields
  .refine(({ lifeSafety, suppressedWhen }) => !lifeSafety || suppressedWhen.length === 0, {
    path: ['suppressedWhen'],
    error: 'nothing: alarms of life safety are never suppressed by design',
  })
  .refine(
    ({ lifeSafety, explainedBy }) => !lifeSafety || explainedBy.every(({ through }) => through === 'self'),
    {
      path: ['explainedBy'],
      error: 'nothing, or "through: self": alarms of life safety are never grouped under another cause',
    },
  )
  .refine(
    ({ when, deadband }) => deadband === 0 || 'above' in when || 'below' in when || 'deviates' in when,
    {
      path: ['deadband'],
      error: 'none: only a limit has a deadband',
    },
  )
  .refine(
    ({ when, level }) =>
      level === undefined || ('above' in when ? /^H/ : 'below' in when ? /^L/ : /^$/).test(level),
    {
      path: ['level'],
      error: 'H or HH of a rule "above", L or LL of one "below"',
    },
  );
export type RuleEntry = z.infer<typeof rule>;

/** An installation may switch a shipped file off with an empty list. */
export const ruleFileSchema = z.strictObject({ rules: z.array(rule) });
