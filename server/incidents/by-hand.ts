import type { OccurrenceRow } from '../alarms/journal.ts';
import type { By, IncidentBook, IncidentOutput } from './book.ts';
import type { Describer } from './describe.ts';
import type { ActiveAlarm, createGrouping } from './grouping.ts';
import type { LiveIncident } from './live.ts';
import type { Regrouping } from './regroup.ts';

/** An occurrence cannot be moved between these incidents, or these cannot be merged or split. */
export class MoveRefused extends Error {
  override readonly name = 'MoveRefused';
}

export interface Move extends By {
  readonly alarm: string;
  readonly from: string;
  readonly to: string;
}

export interface Merge extends By {
  readonly from: string;
  readonly to: string;
}

export interface Split extends By {
  readonly from: string;
  /** `rule@point`, at least one and not all. */
  readonly alarms: readonly string[];
}

/** What people change of the grouping; each throws MoveRefused. */
export interface ByHand {
  /** Links an active alarm's occurrence to another open incident. */
  move(move: Move, at: number): void;
  /** Moves everything that counts in one incident to another one, which goes on for both. */
  merge(merge: Merge, at: number): void;
  /** Makes an incident of its own of some alarms; answers with its id. */
  split(split: Split, at: number): string;
}

export function createByHand(options: {
  readonly book: IncidentBook;
  readonly regrouping: Pick<Regrouping, 'standing'>;
  readonly group: ReturnType<typeof createGrouping>;
  readonly describe: Describer;
  readonly occurrenceOf: (key: string) => OccurrenceRow | undefined;
  readonly output: IncidentOutput;
}): ByHand {
  const { book, regrouping, group, describe, occurrenceOf, output } = options;

  /** Open incidents that a person names. */
  function named(id: string): LiveIncident {
    const live = book.byId.get(id);
    if (live === undefined) throw new MoveRefused(`incident ${id} is not open`);
    return live;
  }

  return {
    move({ alarm: key, from, to, actor, reason }, at) {
      const source = book.byId.get(from);
      const linked = source?.links.get(key);
      if (source === undefined || linked?.active !== true)
        throw new MoveRefused(`${key} is not an active alarm of incident ${from}`);
      const target = named(to);
      if (source === target) throw new MoveRefused(`${key} belongs to incident ${to} already`);
      book.transfer(key, target, { at, pinned: true });
      const event = { at, actor, point: linked.occurrence.point };
      output.event(from, { ...event, kind: 'alarm-moved-out', note: `${reason} → ${to}` });
      output.event(to, { ...event, kind: 'alarm-moved-in', note: `${reason} ← ${from}` });
      book.finish(source, at);
      book.finish(target, at);
    },
    merge({ from, to, actor, reason }, at) {
      const [source, target] = [named(from), named(to)];
      if (source === target) throw new MoveRefused('an incident cannot be merged with itself');
      if (source.incident.site !== target.incident.site)
        throw new MoveRefused('incidents of two sites cannot be merged');
      if (source.incident.life_safety !== target.incident.life_safety)
        throw new MoveRefused('fire, gas and water stay incidents of their own');
      book.merge(source, target, { at, by: { actor, reason } });
      book.finish(target, at);
    },
    split({ from, alarms, actor, reason }, at) {
      const source = named(from);
      const keys = [...new Set(alarms)];
      const foreign = keys.find((key) => source.links.get(key)?.active !== true);
      if (foreign !== undefined)
        throw new MoveRefused(`${foreign} is not an active alarm of incident ${from}`);
      if (keys.length === 0 || keys.length >= source.incident.active)
        throw new MoveRefused('name some of the active alarms of the incident, not all of them');
      const list = keys.flatMap((key): ActiveAlarm[] => {
        const alarm = regrouping.standing(source.incident.site).get(key);
        const since = occurrenceOf(key)?.since_at ?? at;
        return alarm === undefined ? [] : [{ alarm, since }];
      });
      const groups = group(list);
      const [first] = groups;
      if (first === undefined) throw new MoveRefused('none of these alarms is active any more');
      const live = book.open(first, at);
      const event = {
        at,
        actor,
        value: keys.length,
        point: source.links.get(keys[0] ?? '')?.occurrence.point ?? null,
      };
      for (const key of keys) book.transfer(key, live, { at, pinned: true });
      output.event(from, { ...event, kind: 'alarm-moved-out', note: `${reason} → ${live.incident.id}` });
      output.event(live.incident.id, { ...event, kind: 'opened', note: `${reason} ← ${from}` });
      live.incident = describe.changed(live, groups);
      book.finish(source, at);
      book.finish(live, at);
      return live.incident.id;
    },
  };
}
