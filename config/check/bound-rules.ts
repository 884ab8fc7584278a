import { nearestName } from '../../core/names.ts';
import { bindRules, type BoundAlarm, type BoundAlarms } from '../alarms/bind.ts';
import type { Profiles } from '../load/profiles.ts';
import type { Model } from '../model.ts';
import { oneOf, quote } from '../problem.ts';
import type { Profile } from '../schema/profile.ts';
import type { OtherPointsEntry, RuleEntry } from '../schema/rule.ts';
import type { Report } from './report.ts';
import { valuesOf } from './rules.ts';

/** Where mistakes of a rule are noted; undefined for a shipped one, which may speak of what this installation does not have. */
type ReportOf = (rule: string) => Report | undefined;

/** What only shows once rules are bound to points: places and points that do not exist, and rules that contradict each other. */
export function checkBoundRules(
  model: Model,
  profiles: Pick<Profiles, 'used' | 'all'>,
  reportOf: ReportOf,
  anyReportOf: (rule: string) => Report,
): void {
  const known = knownNames(model, profiles);
  for (const rule of model.rules) {
    const report = reportOf(rule.rule);
    if (report === undefined) continue;
    checkPlaces(rule, known, report);
    checkOthers(rule, known, report);
  }
  const bound = bindRules(model);
  checkLimits(bound, anyReportOf);
  checkSuppressions(model, anyReportOf);
}

type KnownNames = Readonly<Record<'site' | 'device' | 'rack', ReadonlySet<string>>> & {
  readonly quantity: ReadonlySet<string>;
  /** Those of all profiles too, since their devices may come later. */
  readonly anyQuantity: () => ReadonlySet<string>;
};

/** What rules may name. */
function knownNames(
  { sites, devices, racks, points }: Model,
  profiles: Pick<Profiles, 'used' | 'all'>,
): KnownNames {
  const quantities = (read: readonly Profile[]): ReadonlySet<string> =>
    new Set([...points, ...read.flatMap(valuesOf)].map(({ quantity }) => quantity));
  return {
    site: new Set(sites.map(({ id }) => id)),
    device: new Set(devices.map(({ id }) => id)),
    rack: new Set(racks.map(({ label }) => label)),
    quantity: quantities(profiles.used()),
    anyQuantity: () => quantities(profiles.all()),
  };
}

function checkPlaces({ points }: RuleEntry, known: KnownNames, report: Report): void {
  for (const field of ['site', 'device', 'rack'] as const)
    points[field]?.forEach((name, index) => {
      if (known[field].has(name)) return;
      report(['points', field, index], {
        found: `${quote(name)} is unknown`,
        expected: field === 'rack' ? 'the label of a rack' : `the id of a ${field}`,
        nearest: nearestName(name, known[field]),
      });
    });
}

function checkOthers(rule: RuleEntry, { quantity: measured, anyQuantity }: KnownNames, report: Report): void {
  const check = ({ quantity }: OtherPointsEntry, path: (string | number)[]): void =>
    quantity.forEach((name, index) => {
      if (measured.has(name) || anyQuantity().has(name)) return;
      report([...path, 'quantity', index], {
        found: `nothing has the quantity ${quote(name)}`,
        expected: 'a quantity that a profile reads',
        nearest: nearestName(name, anyQuantity()),
      });
    });
  if (rule.and !== undefined) check(rule.and, ['and']);
  if ('deviates' in rule.when) check(rule.when.from, ['when', 'from']);
  rule.suppressedWhen.forEach((entry, index) => {
    if ('while' in entry) check(entry.while, ['suppressedWhen', index, 'while']);
  });
}

type Limit = {
  readonly alarm: BoundAlarm;
  readonly side: 'above' | 'below';
  readonly limit: number;
  readonly deadband: number;
};

/** Of one point: a value must be left that is normal, every deadband must fit into it, and HH lies beyond H. */
function checkLimits({ byPoint }: BoundAlarms, reportOf: (rule: string) => Report): void {
  /** Two rules contradict each other on many points and are reported on the first. */
  const compared = new Set<string>();
  for (const alarms of byPoint) {
    const limits = (alarms ?? []).flatMap((alarm): Limit[] => {
      const { test } = alarm;
      // A rule that also depends on another point contradicts nothing by its limit alone.
      if ((test.kind !== 'above' && test.kind !== 'below') || alarm.and !== undefined) return [];
      return [{ alarm, side: test.kind, limit: test.limit, deadband: test.deadband }];
    });
    for (const upper of limits)
      for (const lower of limits) {
        const pair = JSON.stringify([upper, lower].map(({ alarm, limit }) => [alarm.rule.rule, limit]));
        if (compared.has(pair)) continue;
        compared.add(pair);
        if (upper.side === 'above' && lower.side === 'below') checkBand(upper, lower, reportOf);
        checkLevels(upper, lower, reportOf);
      }
  }
}

function checkBand(upper: Limit, lower: Limit, reportOf: (rule: string) => Report): void {
  const report = reportOf(upper.alarm.rule.rule);
  const other = `rule ${quote(lower.alarm.rule.rule)} (below ${lower.limit})`;
  const at = upper.alarm.point.id;
  if (upper.limit <= lower.limit) {
    report(['when', 'above'], {
      found: `every value of ${at} is above ${upper.limit} or below ${lower.limit}, the limit of ${other}`,
      expected: `a limit above ${lower.limit}`,
    });
    return;
  }
  const width = upper.limit - lower.limit;
  for (const { alarm, deadband } of [upper, lower])
    if (deadband >= width)
      reportOf(alarm.rule.rule)(['deadband'], {
        found: `${deadband} is as wide as the band of ${at} between ${lower.limit} and ${upper.limit}`,
        expected: `less than ${width}`,
      });
}

/** Higher levels lie further out. */
const inner = { HH: 'H', LL: 'L' } as const;

function checkLevels(outer: Limit, within: Limit, reportOf: (rule: string) => Report): void {
  const { level } = outer.alarm.rule;
  if ((level !== 'HH' && level !== 'LL') || within.alarm.rule.level !== inner[level]) return;
  const isBeyond = level === 'HH' ? outer.limit > within.limit : outer.limit < within.limit;
  if (isBeyond) return;
  const side = level === 'HH' ? 'above' : 'below';
  reportOf(outer.alarm.rule.rule)(['when', side], {
    found: `${level} of ${outer.alarm.point.id} at ${outer.limit} is reached before ${inner[level]} of rule ${quote(within.alarm.rule.rule)} at ${within.limit}`,
    expected: `a limit ${side} ${within.limit}`,
  });
}

/** A condition that always holds, or holds whenever the alarm does, would hide the alarm for good. */
function checkSuppressions({ rules, points }: Model, reportOf: (rule: string) => Report): void {
  for (const rule of rules) {
    rule.suppressedWhen.forEach((entry, index) => {
      if (!('while' in entry) || !('states' in entry.while)) return;
      const { quantity, states } = entry.while;
      const all = new Set(
        points
          .filter((point) => quantity.includes(point.quantity))
          .flatMap((point) => [...(point.states?.values() ?? [])]),
      );
      const path = ['suppressedWhen', index, 'while', 'states'];
      const unknown = states.filter((state) => !all.has(state));
      for (const state of all.size === 0 ? [] : unknown)
        reportOf(rule.rule)([...path, states.indexOf(state)], {
          found: `${quote(state)} is no state of ${oneOf(quantity)}`,
          expected: oneOf(all),
          nearest: nearestName(state, all),
        });
      if (all.size > 0 && [...all].every((state) => states.includes(state)))
        reportOf(rule.rule)(path, {
          found: `every state of ${oneOf(quantity)} is named, so that the alarm is always suppressed`,
          expected: 'some of its states',
        });
    });
  }
}
