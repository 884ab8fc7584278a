import { adHocDevice } from '../build/points.ts';
import { partGroups } from '../build/reads.ts';
import type { Device, Model, Point } from '../model.ts';
import type { DeviceKind } from '../schema/common.ts';
import type { Profile } from '../schema/profile.ts';
import type { RuleEntry } from '../schema/rule.ts';
import { bindRules, selectsByItself } from './bind.ts';
import { codesOf } from './others.ts';

/**
 * What rules can judge of what a device of a profile says, wherever it stands. A rule that names kinds of devices expects
 * something of each profile of them: it binds, or the profile says why its device cannot tell (`cannotTell`).
 */
export interface Coverage {
  readonly profile: Profile;
  readonly kind: DeviceKind;
  /** Rules that judge one of its points. */
  readonly judged: readonly RuleEntry[];
  /** Rules of its kind that judge none, with the reason that the profile gives. */
  readonly silent: readonly { readonly rule: RuleEntry; readonly why: string | undefined }[];
}

function coverageOf(profile: Profile, rules: readonly RuleEntry[], kind: DeviceKind): Coverage {
  const points = pointsOf(profile);
  const judged = rules.filter((rule) => points.some((point) => canJudge(rule, { ...point, kind })));
  const silent = rules
    .filter((rule) => rule.points.kind?.includes(kind) === true && !judged.includes(rule))
    .map((rule) => ({ rule, why: reasonOf(profile, rule.rule) }));
  return { profile, kind, judged, silent };
}

/**
 * Of every profile that names its kind. A rule that no profile of a kind can serve rests on what the configuration derives or on the
 * inputs of generic modules, and expects nothing.
 */
export function coverage(profiles: readonly Profile[], rules: readonly RuleEntry[]): Coverage[] {
  const all = profiles.flatMap((profile) =>
    profile.kind === 'any' ? [] : [coverageOf(profile, rules, profile.kind)],
  );
  return all.map((each) => ({
    ...each,
    silent: each.silent.filter(({ rule }) =>
      all.some(({ kind, judged }) => kind === each.kind && judged.includes(rule)),
    ),
  }));
}

/** Whether the rule binds to the point in a place that fits and with the limits that it needs. */
export function canJudge({ points, when }: RuleEntry, point: Point): boolean {
  return selectsByItself(points, point) && (!('states' in when) || codesOf(point, when.states).size > 0);
}

interface Unjudged {
  readonly device: Device;
  readonly rule: RuleEntry;
  readonly why: string;
}

/** Rules of a device's kind and role that judge none of its points, and why; those on derived points depend on other devices too. */
export function unjudgedDevices(model: Model): Unjudged[] {
  const { alarms } = bindRules(model);
  const judged = new Set(alarms.map(({ rule, point }) => `${rule.rule} ${point.site}/${point.device ?? ''}`));
  const derived = new Set(
    model.points.flatMap(({ source, quantity }) => (source.from === 'formula' ? quantity : [])),
  );
  return model.devices.flatMap((device) =>
    model.rules.flatMap((rule): Unjudged[] => {
      if (!expects(rule, device) || judged.has(`${rule.rule} ${device.key}`)) return [];
      const reads = [...device.points, device.link].some((point) => canJudge(rule, point));
      const reason = reasonOf(device.profile, rule.rule);
      const isDerived = rule.points.quantity.some((quantity) => derived.has(quantity));
      if (!reads && reason === undefined && isDerived) return [];
      const why = reads
        ? 'its entry has no limit for it (rating)'
        : (reason ?? `it has no ${shortList(rule.points.quantity)}`);
      return [{ device, rule, why }];
    }),
  );
}

function shortList(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(' or ');
  return names.length > 3 ? `${shown} or any other value of that rule` : shown;
}

/** Whether a rule names what the device is; where the device stands is no fault of its own. */
function expects({ points: { kind, role, room, position } }: RuleEntry, device: Device): boolean {
  return (
    kind?.includes(device.kind) === true &&
    (role === undefined || (device.role !== undefined && role.includes(device.role))) &&
    room === undefined &&
    position === undefined
  );
}

function reasonOf({ cannotTell }: Profile, rule: string): string | undefined {
  return cannotTell.find(({ rules }) => rules.includes(rule))?.why;
}

/** All that a device of this profile may say: rows that only the device can name stand for themselves as a first line or row. */
function pointsOf(profile: Profile): readonly Point[] {
  const parts = Object.fromEntries(
    [...partGroups(profile)].map(([group, own]) => [group, own.length === 0 ? ['l1'] : [...own]]),
  );
  const { points, link } = adHocDevice(profile, nowhere, { parts });
  return [...points, link];
}

const nowhere = { protocol: 'modbus', host: 'nowhere', port: 502, unit: 1 } as const;
