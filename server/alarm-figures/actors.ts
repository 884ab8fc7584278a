import type { Model } from '../../config/model.ts';
import type { Priority } from '../../config/schema/common.ts';
import type { RuleEntry } from '../../config/schema/rule.ts';
import { ruleOfAlarm, siteOfAlarm } from '../../core/alarm-key.ts';
import { iso } from '../../core/time.ts';
import type { Advice, AlarmWorkEntry, BadActorKind, BadActorView } from '../contracts/alarm-figures.ts';
import { priorityOf } from '../incidents/priority.ts';
import { triedDelays, type AlarmBehaviour } from './behaviour.ts';
import { byFrequency, mostFrequent } from './judge.ts';
import type { PositionTally } from './tally.ts';

/** What the configuration says of an alarm's key, `rule@site/owner/quantity`. */
export interface AlarmLookup {
  rule(alarm: string): RuleEntry | undefined;
  /** By the rule's urgency and the site's impact; undefined: the rule or the site is gone. */
  priority(alarm: string): Priority | undefined;
}

export function createAlarmLookup(model: Model): AlarmLookup {
  const rules = new Map(model.rules.map((rule) => [rule.rule, rule]));
  const impacts = new Map(model.sites.map(({ id, impact }) => [id, impact]));
  const ruleOf = (alarm: string): RuleEntry | undefined => rules.get(ruleOfAlarm(alarm));
  return {
    rule: ruleOf,
    priority(alarm) {
      const rule = ruleOf(alarm);
      const impact = impacts.get(siteOfAlarm(alarm));
      return rule === undefined || impact === undefined ? undefined : priorityOf(model, rule.urgency, impact);
    },
  };
}

interface Grounds {
  readonly tally: PositionTally;
  /** Alarm → days on which it stood for more than 24 hours. */
  readonly standingDays: ReadonlyMap<string, number>;
  readonly falseAlarms: ReadonlyMap<string, number>;
  readonly work: ReadonlyMap<string, AlarmWorkEntry>;
  readonly lookup: AlarmLookup;
}

/** The alarms of a site that make its figures bad, each with what would help; the most annunciated first. Pure. */
export function badActors(site: string, grounds: Grounds): BadActorView[] {
  const { tally, standingDays, falseAlarms } = grounds;
  const behaviours = new Map(tally.alarms.map((behaviour) => [behaviour.alarm, behaviour]));
  const worst = new Set(mostFrequent(tally).map(({ alarm }) => alarm));
  const here = (alarm: string): boolean => siteOfAlarm(alarm) === site;
  const named = new Set([
    ...worst,
    ...tally.alarms
      .filter(({ chattering, fleeting }) => chattering > 0 || fleeting > 0)
      .map(({ alarm }) => alarm),
    ...[...standingDays.keys(), ...falseAlarms.keys()].filter(here),
  ]);
  return [...named]
    .map((alarm) => {
      const behaviour = behaviours.get(alarm);
      const kinds: (BadActorKind | false)[] = [
        worst.has(alarm) && 'worst-ten',
        (behaviour?.chattering ?? 0) > 0 && 'chattering',
        (behaviour?.fleeting ?? 0) > 0 && 'fleeting',
        standingDays.has(alarm) && 'standing',
        falseAlarms.has(alarm) && 'false',
      ];
      return view(
        alarm,
        kinds.filter((kind) => kind !== false),
        { ...grounds, behaviour },
      );
    })
    .sort(byFrequency);
}

function view(
  alarm: string,
  kinds: readonly BadActorKind[],
  { tally, standingDays, falseAlarms, work, lookup, behaviour }: Grounds & { readonly behaviour: AlarmBehaviour | undefined },
): BadActorView {
  const rule = lookup.rule(alarm);
  const done = work.get(alarm);
  const annunciated = behaviour?.annunciated ?? 0;
  const name = ruleOfAlarm(alarm);
  const what = adviceFor(kinds, rule, behaviour);
  return {
    alarm,
    site: siteOfAlarm(alarm),
    name: rule?.name ?? { id: name, en: name },
    priority: lookup.priority(alarm) ?? null,
    kinds: [...kinds],
    annunciated,
    share: tally.annunciated === 0 ? 0 : Math.round((annunciated / tally.annunciated) * 10_000) / 100,
    chattering: behaviour?.chattering ?? 0,
    fleeting: behaviour?.fleeting ?? 0,
    standingDays: standingDays.get(alarm) ?? 0,
    falseAlarms: falseAlarms.get(alarm) ?? 0,
    lastAt: annunciated === 0 || behaviour === undefined ? null : iso(behaviour.lastAt),
    advice: what,
    delay: behaviour === undefined ? null : delayFor(what, behaviour),
    work: done ?? null,
    recurred: done?.state === 'done' && behaviour !== undefined && behaviour.lastAt > Date.parse(done.at),
  };
} // prettier-ignore

/** The first thing to try, by what the alarm does and what its rule watches. */
function adviceFor(
  kinds: readonly BadActorKind[],
  rule: RuleEntry | undefined,
  behaviour: AlarmBehaviour | undefined,
): Advice {
  if (rule?.points.quantity.includes('link') === true) return 'communication';
  const hasLimit = rule !== undefined && ('above' in rule.when || 'below' in rule.when);
  if (kinds.includes('chattering')) return hasLimit ? 'deadband' : 'off-delay';
  if (kinds.includes('standing')) return 'repair';
  if (kinds.includes('fleeting')) return 'on-delay';
  if (kinds.includes('false') || behaviour === undefined) return 'review';
  if (bestDelay(behaviour.shorter, behaviour.annunciated) !== undefined) return 'on-delay';
  if (bestDelay(behaviour.rejoined, behaviour.annunciated) !== undefined) return 'off-delay';
  return 'review';
}

function delayFor(what: Advice, { shorter, rejoined, annunciated }: AlarmBehaviour): BadActorView['delay'] {
  const spared = what === 'on-delay' ? shorter : rejoined;
  if (what !== 'on-delay' && what !== 'off-delay' && what !== 'deadband') return null;
  const place = bestDelay(spared, annunciated);
  const seconds = triedDelays[place ?? -1];
  return place === undefined || seconds === undefined
    ? null
    : { seconds, spares: Math.min(spared[place] ?? 0, annunciated), of: annunciated };
}

/** The shortest delay that would have spared at least half: a longer one keeps a true alarm waiting. */
function bestDelay(spared: readonly number[], annunciated: number): number | undefined {
  const place = spared.findIndex((count) => annunciated > 0 && count * 2 >= annunciated);
  return place === -1 ? undefined : place;
}
