import type { Model } from '../../config/model.ts';
import { siteOfAlarm } from '../../core/alarm-key.ts';
import type { Clock } from '../../core/clock.ts';
import type { BoundAlarm } from '../../config/alarms/bind.ts';
import type { AlarmChange } from '../alarms/engine.ts';
import { isActive, isUnseen, quiet, type AlarmFacts } from '../alarms/facts.ts';
import type { OccurrenceRow } from '../alarms/journal.ts';
import { createIncidentBook, type IncidentOutput } from './book.ts';
import { createByHand, type ByHand } from './by-hand.ts';
import { createDescriber } from './describe.ts';
import { createGrouping } from './grouping.ts';
import type { LiveIncident } from './live.ts';
import type { Situation } from '../../domain/wording/situation.ts';
import { createRegrouping } from './regroup.ts';
import type { RiskFinder } from './risk.ts';
import type { Standing } from './situation.ts';
import type { IncidentRecord, IncidentRow } from './record.ts';
import type { LinkedOccurrence } from './repository.ts';
import { eventOf } from './timeline.ts';

export interface OpenIncidents extends ByHand {
  /** Applies transitions of alarms to the incidents, in order; in a flood they are grouped a little later, all at once. */
  apply(changes: readonly AlarmChange[]): void;
  /** Groups what waits for it, before the incidents are read or acted on. */
  settle(): void;
  find(id: string): LiveIncident | undefined;
  all(): IterableIterator<LiveIncident>;
  /** The incident linked to the latest occurrence of an alarm. */
  holding(key: string): LiveIncident | undefined;
  /** Records who acknowledged, after the engine has applied it. `first`: something was not acknowledged before. */
  acknowledge(
    live: LiveIncident,
    by: { readonly actor: string; readonly at: number; readonly first: boolean },
  ): void;
  /** Changes what people or time say of an incident, and nothing of its alarms. */
  amend(live: LiveIncident, change: Partial<IncidentRow>, at: number): void;
  /** Takes one back that was over; an alarm that comes again joins it, and it ends only once a person closes it. */
  reopen(
    record: IncidentRecord,
    details: {
      readonly linked: readonly LinkedOccurrence[];
      readonly change: Partial<IncidentRow>;
      readonly at: number;
    },
  ): void;
  /** Titles with the values of now; true when one changed. */
  retitle(): boolean;
  /** After a restart: brings what was stored in line with the alarms as they are. */
  reconcile(alarms: Iterable<{ readonly alarm: BoundAlarm; readonly facts: AlarmFacts }>, at: number): void;
}

/** Keeps the incidents that are not resolved, and links active alarms to them by `grouping.ts` and `placing.ts`. */
export function createOpenIncidents(options: {
  readonly model: Model;
  /** Every alarm that the configuration knows. */
  readonly alarms: readonly BoundAlarm[];
  readonly newId: (now: number) => string;
  readonly restored: readonly LiveIncident[];
  /** The latest occurrence of an alarm. */
  readonly occurrenceOf: (key: string) => OccurrenceRow | undefined;
  readonly situationOf: (standing: Standing) => Situation;
  readonly risk: RiskFinder;
  readonly output: IncidentOutput;
  readonly clock: Pick<Clock, 'monotonic' | 'after'>;
  /** Called when a later grouping has changed incidents: they are to be written. */
  readonly regrouped: () => void;
}): OpenIncidents {
  const { model, occurrenceOf, output } = options;
  const group = createGrouping(model.topology, options.alarms);
  const describe = createDescriber(options);
  const book = createIncidentBook({ ...options, describe });
  const regrouping = createRegrouping({ ...options, book, group, describe });
  const byHand = createByHand({ book, regrouping, group, describe, occurrenceOf, output });
  const { byId, holders } = book;

  function applyOne(change: AlarmChange): void {
    const { key, alarm, facts, why, at } = change;
    const site = alarm?.point.site ?? siteOfAlarm(key);
    const isActiveNow = isActive(facts) && alarm !== undefined;
    regrouping.changed({ site, key, alarm: isActiveNow ? alarm : undefined, at });

    const live = holders.get(key);
    const linked = live?.links.get(key);
    const occurrence = occurrenceOf(key);
    if (live === undefined || linked === undefined || occurrence === undefined) {
      if (isActiveNow) regrouping.wait(key, { at, unseen: isUnseen(facts) });
      return;
    }
    const isSame = linked.link.occurrence === facts.occurrences;
    if (isActiveNow && !isSame) {
      // The incident still waits for this alarm or others: this is one more occurrence in it.
      const { pinned, because } = linked.link;
      book.link(live, key, {
        occurrence,
        at,
        pinned: pinned === 1,
        because,
        active: true,
        unseen: isUnseen(facts),
      });
    } else if (isSame) {
      book.put(live, key, { ...linked, occurrence, active: isActiveNow, unseen: isUnseen(facts) });
    } else {
      // A new occurrence that is hidden: nothing is left to acknowledge of the one before.
      book.put(live, key, { ...linked, active: false, unseen: false });
      book.release(key);
      book.finish(live, at);
      return;
    }
    const event = eventOf(change, occurrence);
    if (event !== undefined) output.event(live.incident.id, event);
    const note = why === 'retire' ? { note: event?.note ?? undefined } : {};
    book.finish(live, at, { ...note, matters: why !== 'worsen' });
  }

  return {
    ...byHand,
    apply(changes) {
      for (const change of changes) applyOne(change);
      regrouping.soon();
    },
    settle: () => regrouping.settle(),
    find: (id) => byId.get(id),
    all: () => byId.values(),
    holding: (key) => holders.get(key),
    acknowledge(live, { actor, at, first }) {
      if (first || live.incident.acknowledged_at === null)
        live.incident = { ...live.incident, acknowledged_at: at, acknowledged_by: actor };
      output.event(live.incident.id, { at, kind: 'acknowledged', actor });
      book.finish(live, at);
    },
    amend(live, change, at) {
      live.incident = { ...live.incident, ...change };
      book.finish(live, at);
    },
    reopen({ incident, worst }, { linked, change, at }) {
      const links: LiveIncident['links'] = new Map();
      for (const { link, occurrence } of linked)
        links.set(link.alarm, { link, occurrence, active: false, unseen: false });
      const live: LiveIncident = {
        incident: { ...incident, ...change, active: 0, unacknowledged: 0 },
        worst,
        links,
        groups: [],
      };
      book.admit(live, (key) => !regrouping.isWaiting(key));
      book.finish(live, at);
    },
    retitle() {
      let changed = false;
      for (const live of byId.values()) {
        const incident = describe.changed(live, live.groups);
        if (incident === live.incident) continue;
        live.incident = incident;
        book.save(live, false);
        changed = true;
      }
      return changed;
    },
    reconcile(alarms, at) {
      const facts = new Map<string, AlarmFacts>();
      const active: BoundAlarm[] = [];
      for (const each of alarms) {
        facts.set(each.alarm.key, each.facts);
        if (isActive(each.facts)) active.push(each.alarm);
      }
      regrouping.restart(active);
      for (const live of Array.from(byId.values())) {
        const stored = live.incident;
        for (const [key, linked] of live.links) {
          const now = facts.get(key) ?? quiet;
          const isCurrent = holders.get(key) === live && linked.link.occurrence === now.occurrences;
          const figures = { active: isCurrent && isActive(now), unseen: isCurrent && isUnseen(now) };
          live.links.set(key, { ...linked, ...figures });
        }
        const links = [...live.links.values()];
        live.incident = {
          ...stored,
          active: links.filter((linked) => linked.active).length,
          unacknowledged: links.filter((linked) => linked.unseen).length,
        };
        const { active: count, unacknowledged } = live.incident;
        const isStale = count !== stored.active || unacknowledged !== stored.unacknowledged;
        if (isStale || (count === 0 && stored.returned_at === null)) book.finish(live, at);
      }
      regrouping.placeAll((key) => ({ at, unseen: isUnseen(facts.get(key) ?? quiet) }));
    },
  };
}
