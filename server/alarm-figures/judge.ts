import { dayMs } from '../../core/wib.ts';
import {
  alarmFigureNames,
  type AlarmAim,
  type AlarmAims,
  type AlarmFigureName,
} from '../../config/schema/alarm-aims.ts';
import type { Label, Priority } from '../../config/schema/common.ts';
import type { AlarmFigureView, Verdict } from '../contracts/alarm-figures.ts';
import type { Standing } from './standing.ts';
import type { PositionTally } from './tally.ts';

const periodMs = 600_000;
const worstCount = 10;

const names: Readonly<Record<AlarmFigureName, Label>> = {
  average: { id: 'Alarm per 10 menit, rata-rata', en: 'Alarms per 10 minutes, average' },
  maximum: { id: 'Alarm per 10 menit, terbanyak', en: 'Alarms per 10 minutes, maximum' },
  crowded: { id: 'Periode 10 menit dengan lebih dari 10 alarm', en: '10-minute periods with more than 10 alarms' },
  flood: { id: 'Waktu dalam banjir alarm', en: 'Time in alarm flood' },
  'worst-ten': { id: 'Bagian sepuluh alarm tersering', en: 'Share of the ten most frequent alarms' },
  standing: { id: 'Alarm bertahan lebih dari 24 jam, hari terburuk', en: 'Alarms standing over 24 hours, worst day' },
  chattering: { id: 'Alarm berkedip (3 kali atau lebih dalam semenit)', en: 'Chattering alarms (3 or more in a minute)' },
  fleeting: { id: 'Alarm sekejap (hilang dalam semenit, belum diakui)', en: 'Fleeting alarms (gone in a minute, unacknowledged)' },
  'priority-high': { id: 'Bagian prioritas tinggi (P1)', en: 'Share of high priority (P1)' },
  'priority-medium': { id: 'Bagian prioritas sedang (P2)', en: 'Share of medium priority (P2)' },
  'priority-low': { id: 'Bagian prioritas rendah (P3–P5)', en: 'Share of low priority (P3–P5)' },
}; // prettier-ignore

export type PrioritySplit = Readonly<Record<Priority | 'unknown', number>>;

/** What the figures of one site are made of. */
export interface Evidence {
  readonly tally: PositionTally;
  readonly standing: Standing;
  readonly priorities: PrioritySplit;
  /** How long there is data for. */
  readonly coveredMs: number;
}

interface Counted {
  readonly alarm: string;
  readonly annunciated: number;
}

/** The most frequent first; of equals by name. */
export function byFrequency(a: Counted, b: Counted): number {
  return b.annunciated - a.annunciated || a.alarm.localeCompare(b.alarm);
}

/** Alarms by how often they came, the most frequent first. */
export function mostFrequent(tally: PositionTally): PositionTally['alarms'] {
  return tally.alarms
    .filter(({ annunciated }) => annunciated > 0)
    .toSorted(byFrequency)
    .slice(0, worstCount);
}

/** Every figure of one site beside its aim. No verdict on less data than the aims ask for. Pure. */
export function judge(
  { id, name }: { readonly id: string; readonly name: string },
  evidence: Evidence,
  { needed, aims }: AlarmAims,
): AlarmFigureView[] {
  const enough = evidence.coveredMs >= needed.days * dayMs;
  return alarmFigureNames.map((figure) => {
    const { value, unit } = valueOf(figure, evidence);
    const { comparison, aim } = comparisonOf(aims[figure]);
    return {
      site: id,
      siteName: name,
      figure,
      name: names[figure],
      value: value === null ? null : round(value),
      unit,
      comparison,
      aim,
      source: aims[figure].source,
      verdict: verdictOf(value, aims[figure], enough),
    };
  });
}

function verdictOf(value: number | null, aim: AlarmAim, enough: boolean): Verdict {
  if (!enough) return 'too-short';
  if (value === null) return 'nothing';
  const met =
    'atMost' in aim ? value <= aim.atMost : 'below' in aim ? value < aim.below : value >= aim.atLeast;
  return met ? 'met' : 'missed';
}

function comparisonOf(aim: AlarmAim): Pick<AlarmFigureView, 'comparison' | 'aim'> {
  if ('atMost' in aim) return { comparison: 'atMost', aim: aim.atMost };
  return 'below' in aim
    ? { comparison: 'below', aim: aim.below }
    : { comparison: 'atLeast', aim: aim.atLeast };
}

function valueOf(
  figure: AlarmFigureName,
  { tally, standing, priorities, coveredMs }: Evidence,
): Pick<AlarmFigureView, 'value' | 'unit'> {
  const periods = coveredMs / periodMs;
  const ofTime = (part: number): Pick<AlarmFigureView, 'value' | 'unit'> => percent(part, coveredMs);
  switch (figure) {
    case 'average':
      return count(periods === 0 ? null : tally.annunciated / periods);
    case 'maximum':
      return count(tally.peak?.count ?? 0);
    case 'crowded':
      return percent(tally.crowded, Math.ceil(periods));
    case 'flood':
      return ofTime(tally.floods.reduce((sum, { from, to }) => sum + to - from, 0));
    case 'worst-ten':
      return percent(
        mostFrequent(tally).reduce((sum, { annunciated }) => sum + annunciated, 0),
        tally.annunciated,
      );
    case 'standing':
      return count(standing.worst);
    case 'chattering':
      return count(tally.alarms.filter(({ chattering }) => chattering > 0).length);
    case 'fleeting':
      return count(tally.alarms.filter(({ fleeting }) => fleeting > 0).length);
    case 'priority-high':
      return percent(priorities.P1, known(priorities));
    case 'priority-medium':
      return percent(priorities.P2, known(priorities));
    case 'priority-low':
      return percent(priorities.P3 + priorities.P4 + priorities.P5, known(priorities));
  }
}

function known({ P1, P2, P3, P4, P5 }: PrioritySplit): number {
  return P1 + P2 + P3 + P4 + P5;
}

function count(value: number | null): Pick<AlarmFigureView, 'value' | 'unit'> {
  return { value, unit: 'count' };
}

function percent(part: number, whole: number): Pick<AlarmFigureView, 'value' | 'unit'> {
  return { value: whole === 0 ? null : (part / whole) * 100, unit: '%' };
}

/** Judged before it is rounded: 1.004 is above 1. */
function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
