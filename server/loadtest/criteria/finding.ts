import type { CriterionName, LoadTestProfile } from '../../../config/schema/loadtest.ts';
import type { SiteStandard } from '../../../config/schema/standard.ts';
import type { RunFigures } from '../figures.ts';
import type { Window } from '../phases.ts';
import type { Recognised } from '../recognise.ts';
import type { SiteRoles } from '../roles.ts';
import type { Bounded, Verdict } from '../verdict.ts';

/** Why a criterion is not proven, or has failed; a sentence of the report. */
const reasons = [
  'not-seen', 'gaps', 'sampling', 'clocks', 'no-nameplate', 'no-limit', 'no-curve', 'not-started', 'not-loaded', 'too-coarse',
  'no-test', 'period-runs', 'dropped', 'never-steady', 'not-islanded', 'limit',
] as const; // prettier-ignore
export type Reason = (typeof reasons)[number];

const criterionUnits = ['s', 'min', '%', 'V', 'Hz', 'kW', 'h', 'L', 'count', 'days'] as const;
type CriterionUnit = (typeof criterionUnits)[number];

export interface Criterion {
  readonly name: CriterionName;
  readonly verdict: Verdict;
  /** Shown, without a part in the result. */
  readonly reference: boolean;
  /** In both languages where they differ. */
  readonly source: string | { readonly id: string; readonly en: string };
  readonly unit: CriterionUnit;
  /** Null: nothing was measured. */
  readonly value: Bounded | null;
  readonly limit: { readonly value: number; readonly sense: 'least' | 'most' | 'within' } | null;
  readonly why: Reason | null;
  /** Sets, switches, UPSs, points that it is about. */
  readonly things: readonly string[];
}

/** The period that asks for a test. */
interface Period extends Window {
  /** Another test of the period was completed. */
  readonly isFulfilled: boolean;
}

export interface Input {
  readonly roles: SiteRoles;
  readonly recognised: Recognised;
  readonly figures: RunFigures;
  readonly profile: LoadTestProfile;
  readonly standard: Pick<SiteStandard, 'upsBackupTime' | 'endurance' | 'gensets'>;
  readonly period: Period;
  readonly now: number;
}

export type Finding = Pick<Criterion, 'verdict' | 'unit' | 'value'> & {
  readonly limit?: Criterion['limit'];
  readonly why?: Reason | null;
  readonly things?: readonly string[];
};

/** Nothing was measured that could be judged. */
export function unseen(found: Pick<Finding, 'unit' | 'limit' | 'things'>, why: Reason = 'not-seen'): Finding {
  return { verdict: 'not-proven', value: null, why, ...found };
}

/** What was measured and how it was judged; `open`: why it is not proven where it is not. */
export function found(
  { verdict, open, ...rest }: Omit<Finding, 'why'> & { readonly open: Reason },
): Finding {
  return { ...rest, verdict, why: verdict === 'fail' ? 'limit' : open };
} // prettier-ignore

export function minutes(ms: number): number {
  return ms / 60_000;
}

export function seconds({ least, most, seen }: { readonly least: number; readonly most: number; readonly seen: number }): Bounded {
  return { value: seen / 1_000, least: least / 1_000, most: most / 1_000 };
} // prettier-ignore
