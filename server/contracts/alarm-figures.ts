import { z } from 'zod';
import { alarmFigureName } from '../../config/schema/alarm-aims.ts';
import { label, priority } from '../../config/schema/common.ts';
import { instant } from './common.ts';

/** How well the alarm system itself does, by ISA-18.2 and EEMUA 191. */

/** `too-short`: less data than a verdict needs; `nothing`: no alarm to judge by. */
const verdict = z.enum(['met', 'missed', 'too-short', 'nothing']);
export type Verdict = z.infer<typeof verdict>;

const figureUnit = z.enum(['count', '%']);

/** One figure of one site beside its aim. */
const alarmFigureView = z.object({
  site: z.string(),
  siteName: z.string(),
  figure: alarmFigureName,
  name: label,
  /** Null when there is nothing to count. */
  value: z.number().nullable(),
  unit: figureUnit,
  comparison: z.enum(['atMost', 'below', 'atLeast']),
  aim: z.number(),
  source: z.string(),
  verdict,
});
export type AlarmFigureView = z.infer<typeof alarmFigureView>;

/** Why an alarm is on the work list. */
const badActorKind = z.enum(['worst-ten', 'chattering', 'fleeting', 'standing', 'false']);
export type BadActorKind = z.infer<typeof badActorKind>;

/** What would help. */
const advice = z.enum(['deadband', 'on-delay', 'off-delay', 'repair', 'communication', 'review']);
export type Advice = z.infer<typeof advice>;

export const alarmWorkState = z.enum(['open', 'assigned', 'done']);
export type AlarmWorkState = z.infer<typeof alarmWorkState>;

const workEntry = z.object({
  state: alarmWorkState,
  /** Name of a person. */
  assignee: z.string().nullable(),
  note: z.string().nullable(),
  at: instant,
  actor: z.string(),
});
export type AlarmWorkEntry = z.infer<typeof workEntry>;

export const badActorView = z.object({
  /** `rule@point`. */
  alarm: z.string(),
  site: z.string(),
  name: label,
  /** Null: its rule is no longer in the configuration. */
  priority: priority.nullable(),
  kinds: z.array(badActorKind),
  annunciated: z.int(),
  /** Percent of the site's annunciations. */
  share: z.number(),
  /** Times that it came three times or more within a minute. */
  chattering: z.int(),
  fleeting: z.int(),
  /** Days on which it stood for more than 24 hours. */
  standingDays: z.int(),
  /** Incidents that it was part of and that were false alarms. */
  falseAlarms: z.int(),
  lastAt: instant.nullable(),
  advice,
  /** A delay that was tried on what was recorded: it would have spared so many of the annunciations. */
  delay: z.object({ seconds: z.int(), spares: z.int(), of: z.int() }).nullable(),
  /** The latest entry; null: nobody has taken it up. */
  work: workEntry.nullable(),
  /** It is done, and came again since. */
  recurred: z.boolean(),
});
export type BadActorView = z.infer<typeof badActorView>;

export const alarmWorkInput = z.strictObject({
  alarm: z.string().min(1).max(300),
  state: alarmWorkState,
  /** Of `people.yaml`; needed for `assigned`. */
  assignee: z.string().trim().min(1).max(100).optional(),
  note: z.string().trim().min(1).max(1_000).optional(),
});
export const alarmWorkView = z.object({ alarm: z.string(), entries: z.array(workEntry) });

const siteFiguresView = z.object({
  site: z.string(),
  name: z.string(),
  /** From the first entry of the journal, or `from`, to now, or `to`; days, two decimals. */
  days: z.number(),
  annunciated: z.int(),
  /** By the rule's present urgency and the site's impact. `unknown`: the rule is gone. */
  priorities: z.record(z.enum([...priority.options, 'unknown']), z.int()),
  /** Fullest 10-minute period; null without an alarm. */
  peak: z.object({ at: instant, count: z.int() }).nullable(),
  /** The largest floods, latest first. */
  floods: z.array(z.object({ from: instant, to: instant, alarms: z.int() })),
  floodCount: z.int(),
  /** Alarms that stand for more than 24 hours at the end. */
  standing: z.int(),
  /** By who acknowledged; the time from annunciation, mean. */
  operators: z.array(z.object({ actor: z.string(), acknowledged: z.int(), meanMs: z.number() })),
  falseAlarms: z.object({
    incidents: z.int(),
    marked: z.int(),
    byRule: z.array(z.object({ rule: z.string(), name: label, marked: z.int() })),
  }),
  /** Annunciations per day, WIB, for the chart. */
  perDay: z.array(z.object({ day: z.iso.date(), count: z.int() })),
});
export type SiteFiguresView = z.infer<typeof siteFiguresView>;

/** A list of figures, so that it is also given as CSV; what they rest on stands beside it. */
export const alarmFiguresView = z.object({
  from: instant,
  to: instant,
  /** When it was computed. */
  at: instant,
  daysNeeded: z.int(),
  items: z.array(alarmFigureView),
  sites: z.array(siteFiguresView),
  /** The work list, the most annunciated first; `badActors`: how many there are in all. */
  actors: z.array(badActorView),
  badActors: z.int(),
  next: z.null(),
});
export type AlarmFiguresView = z.infer<typeof alarmFiguresView>;

export const falseAlarmView = z.object({
  incident: z.string(),
  marked: z.boolean(),
  /** The latest mark or withdrawal; null: there was none. */
  reason: z.string().nullable(),
  actor: z.string().nullable(),
  at: instant.nullable(),
});
export type FalseAlarmView = z.infer<typeof falseAlarmView>;
export const falseAlarmInput = z.strictObject({
  /** False takes the mark back. */
  marked: z.boolean(),
  reason: z.string().trim().min(1).max(500),
});

const alarmReportView = z.object({ month: z.string(), madeAt: instant });
export const alarmReportsView = z.object({
  items: z.array(alarmReportView),
  /** Why the last month has no report although it is due. */
  problem: z.string().nullable(),
});
export type AlarmReportView = z.infer<typeof alarmReportView>;
