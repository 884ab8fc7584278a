import { isDeepStrictEqual } from 'node:util';
import type { Model } from '../../config/model.ts';
import type { Level, Priority } from '../../config/schema/common.ts';
import type { Cause, Group, Member } from './grouping.ts';
import type { LiveIncident } from './live.ts';
import { priorityOf } from './priority.ts';
import { causesText, unhandled, type IncidentRow } from './record.ts';
import { levels, type RiskFinder } from './risk.ts';
import type { Standing } from './situation.ts';
import { dueAt, pausesOf, type Pause } from './sla.ts';
import type { Situation } from '../../domain/wording/situation.ts';
import { incidentTitle } from '../../domain/wording/title.ts';

export interface Describer {
  /** The row of a new incident, before it has its id and its alarms. */
  opened(group: Group, at: number): Omit<IncidentRow, 'id'>;
  /** The row as its groups are now; the same object when nothing of it changed. */
  changed(live: LiveIncident, groups: readonly Group[]): IncidentRow;
  /** The row of an incident whose condition is over: the title says all that it was about. */
  over(live: LiveIncident): IncidentRow;
}

/** Cause, place, priority and title of an incident, from the alarms that are active in it. */
export function createDescriber(options: {
  readonly model: Model;
  readonly situationOf: (standing: Standing) => Situation;
  readonly occurrenceOf: Standing['occurrenceOf'];
  readonly risk: RiskFinder;
}): Describer {
  const { model, situationOf, occurrenceOf, risk } = options;
  const { topology } = model;
  /** Of each incident, what it was about when most things were affected. */
  const widest = new WeakMap<LiveIncident, Situation>();
  const priorities = model.standard.priorities;
  /** Of the incidents of a flood, which begin at one moment, the calendar is asked once. */
  const lastDue = new Map<Priority, { readonly at: number; readonly due: number }>();

  /** `members`: the causes, or what there is; `all`: with the consequences. */
  function causeOf(
    causes: readonly Cause[],
    members: readonly Member[],
    all: readonly Member[],
  ): { row: Described; situation: Situation } {
    const first = leading(members);
    const { rule, point, clause } = first.alarm;
    const situation = situationOf({ site: point.site, leading: first, causes, members: all, occurrenceOf });
    const title = incidentTitle(situation);
    const rooms = new Set(members.filter(isCause).map(({ alarm }) => alarm.point.room ?? null));
    const [room = null] = rooms.size === 1 ? rooms : [];
    const row = {
      site: point.site,
      room,
      rule: rule.rule,
      name_id: rule.name.id,
      name_en: rule.name.en,
      discipline: rule.discipline,
      clause,
      causes: causesText(causes),
      life_safety: rule.lifeSafety ? 1 : 0,
      title_id: title.id,
      title_en: title.en,
    };
    return { row, situation };
  }

  function judge(site: string, members: readonly Member[], nodes: readonly string[]): Judged {
    const urgency = worst(members.map(({ alarm }) => alarm.rule.urgency));
    const impact = risk.impactAt(site, [...nodes, ...members.flatMap(placesOf)]);
    return { urgency, impact, priority: priorityOf(model, urgency, impact) };
  }

  return {
    opened(group, at) {
      const { row: described } = causeOf(group.causes, group.members, group.members);
      const nodes = group.causes.map(({ node }) => node);
      const judged = judge(described.site, group.members, nodes);
      return {
        ...described,
        ...judged,
        group_key: group.key,
        opened_at: at,
        due_at: due(at, judged.priority, []),
        acknowledged_at: null,
        acknowledged_by: null,
        returned_at: null,
        resolved_at: null,
        merged_into: null,
        ...unhandled,
        active: 0,
        unacknowledged: 0,
        total: 0,
        worst_alarm: null,
        worst_occurrence: null,
        version: 0,
      };
    },
    changed(live, groups) {
      const { incident, links } = live;
      const members = groups
        .flatMap((group) => group.members)
        .filter(({ alarm }) => links.get(alarm.key)?.active === true);
      if (members.length === 0) return incident;
      // What was explained before is no cause: its cause has returned, and the incident is still about that one.
      const original = members.filter(
        (member) => isCause(member) && links.get(member.alarm.key)?.link.because === null,
      );
      const inferred = groups.flatMap(({ causes }) => causes.filter((cause) => cause.inferred));
      const isKnown = original.length > 0 || inferred.length > 0;
      const standing = new Set(original.map(({ seat }) => seat));
      const causes = groups
        .flatMap((group) => group.causes)
        .filter((cause) => cause.inferred || standing.has(cause.node));
      const described = isKnown
        ? causeOf(causes, original.length > 0 ? original : members, members)
        : undefined;
      if (described !== undefined) {
        const before = widest.get(live);
        if (before === undefined || described.situation.things.length >= before.things.length)
          widest.set(live, described.situation);
      }
      const nodes = isKnown ? causes.map(({ node }) => node) : [];
      const judged = judge(incident.site, members, nodes);
      const isRaised = judged.priority < incident.priority;
      const next: IncidentRow = {
        ...incident,
        ...described?.row,
        ...(isRaised || judged.priority === incident.priority
          ? { ...judged, due_at: due(incident.opened_at, judged.priority, pausesOf(incident)) }
          : {}),
        // Less time than before: what was said of the old deadline says nothing of the new one.
        ...(isRaised ? { sla_stage: 0 } : {}),
        group_key: groups[0]?.key ?? incident.group_key,
      };
      return isDeepStrictEqual(next, incident) ? incident : next;
    },
    over(live) {
      const known = widest.get(live);
      if (known === undefined) return live.incident;
      const title = incidentTitle({ ...known, isOver: true });
      return { ...live.incident, title_id: title.id, title_en: title.en };
    },
  };

  function due(at: number, priority: Priority, pauses: readonly Pause[]): number {
    const known = lastDue.get(priority);
    if (known?.at === at && pauses.length === 0) return known.due;
    const due = dueAt(at, priority, { resolve: priorities.resolve, calendars: model.calendars, pauses });
    if (pauses.length === 0) lastDue.set(priority, { at, due });
    return due;
  }

  /** The room for what is measured in it; the thing itself for what has a place in the topology. */
  function placesOf({ alarm, seat }: Member): string[] {
    const { site, room } = alarm.point;
    return [
      ...(topology.node(seat) === undefined ? [] : [seat]),
      ...(room === undefined ? [] : [`${site}/${room}`]),
    ];
  }
}

type Described = Pick<
  IncidentRow,
  | 'site' | 'room' | 'rule' | 'name_id' | 'name_en' | 'discipline' | 'clause' | 'causes' | 'life_safety' | 'title_id' | 'title_en'
>; // prettier-ignore
type Judged = Pick<IncidentRow, 'urgency' | 'impact' | 'priority'>;

function isCause({ because }: Member): boolean {
  return because === null;
}

/**
 * The alarm that names the incident: of life safety the most severe level; else, of the thing whose cause began first, the most urgent cause: a
 * UPS's own summary may come seconds before its "on battery".
 */
export function leading(members: readonly Member[]): Member {
  const causes = members.filter(isCause);
  const candidates = causes.length > 0 ? causes : members;
  const [first] = candidates;
  if (first === undefined) throw new RangeError('a group without members');
  if (first.alarm.rule.lifeSafety)
    return candidates.reduce((best, each) => (severity(each) >= severity(best) ? each : best), first);
  const { kind, id } = first.alarm.point.owner;
  const ofOneThing = candidates.filter(
    ({ alarm: { point } }) => point.owner.kind === kind && point.owner.id === id,
  );
  const urgency = worst(ofOneThing.map(({ alarm }) => alarm.rule.urgency));
  return ofOneThing.find(({ alarm }) => alarm.rule.urgency === urgency) ?? first;
}

/** Rules of one danger are written in the order in which it grows. */
function severity({ alarm: { rule, index } }: Member): number {
  return (levels.length - levels.indexOf(rule.urgency)) * 1e9 + index;
}

function worst(urgencies: readonly Level[]): Level {
  return levels.find((level) => urgencies.includes(level)) ?? 'rendah';
}
