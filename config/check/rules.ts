import { nearestName } from '../../core/names.ts';
import { collectorLink, collectorLinkStates } from '../build/collector.ts';
import type { Model } from '../model.ts';
import { oneOf, quote } from '../problem.ts';
import type { Profile, ValueSpec } from '../schema/profile.ts';
import type { RuleEntry } from '../schema/rule.ts';
import type { Path } from '../read/source.ts';
import type { SiteFile } from '../schema/site.ts';
import type { Standard } from '../schema/standard.ts';
import { stateNames } from '../schema/states.ts';
import type { Report } from './report.ts';

/** Quantity → the names its states have in any profile or device. */
export type KnownStates = ReadonlyMap<string, ReadonlySet<string>>;

export function knownStates(profiles: Iterable<Profile>, sites: Iterable<SiteFile>): KnownStates {
  const known = new Map([
    ['link', new Set(['lost', 'ok'])],
    [collectorLink, new Set(collectorLinkStates.values())],
  ]);
  const add = (value: ValueSpec): void => {
    if (value.states === undefined) return;
    const names = known.get(value.quantity) ?? new Set<string>();
    for (const name of stateNames(value.states).values()) names.add(name);
    known.set(value.quantity, names);
  };
  for (const profile of profiles) valuesOf(profile).forEach(add);
  for (const site of sites) for (const device of site.devices) device.inputs?.forEach(add);
  return known;
}

/** What a rule may wait for. Devices may come later, so that states of a profile without a device here are good too; that is asked last, since all profiles are then read. */
interface States {
  readonly here: KnownStates;
  readonly anywhere: () => KnownStates;
}

/** Everything that a profile reads. */
export function valuesOf(profile: Profile): readonly ValueSpec[] {
  if (profile.protocol === 'push') return [];
  const groups = profile.protocol === 'snmp' ? profile.tables : profile.groups;
  const fields = profile.protocol === 'modbus' ? profile.fields : [];
  return [...profile.points, ...groups.flatMap((group): ValueSpec[] => group.points), ...fields];
}

export interface RuleContext {
  readonly known: States | undefined;
  readonly standard: Standard | undefined;
  readonly report: Report;
}

/** A rule may only wait for states that something can be in. Without `known` (a profile is broken, or the rule is shipped) states are not checked. */
export function checkRules(
  rules: readonly RuleEntry[],
  names: Set<string>,
  { known, standard, report }: RuleContext,
): void {
  for (const [index, rule] of rules.entries()) {
    const path = ['rules', index];
    checkDeadband(rule, [...path, 'deadband'], { standard, report });
    if (names.has(rule.rule))
      report([...path, 'rule'], {
        found: `${quote(rule.rule)} is declared twice`,
        expected: 'every rule once',
      });
    names.add(rule.rule);
    if (!('states' in rule.when) || known === undefined) continue;
    const { states } = rule.when;
    const statesIn = (names: KnownStates): Set<string> =>
      new Set(rule.points.quantity.flatMap((quantity) => [...(names.get(quantity) ?? [])]));
    const here = statesIn(known.here);
    const valid = states.every((state) => here.has(state)) ? here : statesIn(known.anywhere());
    states.forEach((state, at) => {
      if (valid.has(state)) return;
      const expected =
        valid.size === 0
          ? `a state of ${oneOf(rule.points.quantity)}, which has none in any profile`
          : oneOf(valid);
      report([...path, 'when', 'states', at], {
        found: `${quote(state)} is unknown`,
        expected,
        nearest: nearestName(state, valid),
      });
    });
  }
}

/** A value would have to leave the band at its other end before such an alarm returned. */
function checkDeadband(rule: RuleEntry, path: Path, { standard, report }: Omit<RuleContext, 'known'>): void {
  const limit = 'above' in rule.when ? rule.when.above : 'below' in rule.when ? rule.when.below : undefined;
  const name = limit !== undefined && 'standard' in limit ? limit.standard.split('.')[0] : undefined;
  if (standard === undefined || (name !== 'temperature' && name !== 'humidity')) return;
  const widths = Object.values(standard.sites).map((site) => site[name].max - site[name].min);
  const narrowest = Math.min(...widths);
  if (rule.deadband >= narrowest)
    report(path, {
      found: `${rule.deadband} is as wide as the whole band of ${name}`,
      expected: `less than ${narrowest}`,
    });
}

/** Quantities that a rule judges and nothing measures. Not a mistake, since sites differ, but worth a warning for the rules of the installation. */
export function idleRules(model: Model, names: ReadonlySet<string>): string[] {
  const measured = new Set(model.points.map((point) => point.quantity));
  const rules = model.rules.filter(({ rule }) => names.has(rule));
  return rules.flatMap((rule) =>
    rule.points.quantity
      .filter((quantity) => !measured.has(quantity))
      .map((quantity) => `rule ${quote(rule.rule)}: no point has the quantity ${quote(quantity)}`),
  );
}
