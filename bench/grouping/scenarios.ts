import type { Model } from '../../config/model.ts';
import type { BoundAlarm } from '../../config/alarms/bind.ts';
import type { ActiveAlarm } from '../../server/incidents/grouping.ts';

/** What really happened; known to the generator alone. It follows names, feeds and rooms of the model, not the topology that grouping reads. */
export interface Fault {
  /** The things of which any may be named as the cause. */
  readonly nodes: readonly string[];
  readonly alarms: readonly ActiveAlarm[];
}

export interface Scenario {
  readonly seed: number;
  readonly faults: readonly Fault[];
  /** All alarms, in the order in which they arrive. */
  readonly arriving: readonly ActiveAlarm[];
}

export type Random = () => number;

/** A small generator with a seed (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Times of sources differ by so much, and what is polled slowly is seen later. */
const jitterMs = 2_000;

/** Makes scenarios of one or two faults, with alarms that are missing, late and out of order. */
export function createScenarios(model: Model, bound: readonly BoundAlarm[]): (seed: number) => Scenario {
  const bySite = new Map(model.sites.map(({ id }) => [id, bound.filter(({ point }) => point.site === id)]));
  const roomOf = new Map(model.devices.map(({ key, room }) => [key, room]));

  return (seed) => {
    const random = seeded(seed);
    const pick = <Item>(items: readonly Item[]): Item => {
      const item = items[Math.floor(random() * items.length)];
      if (item === undefined) throw new RangeError(`scenario ${seed}: nothing to pick from`);
      return item;
    };
    const start = Date.UTC(2026, 10, 23, 3);

    /** Alarms of a rule that fit, a time after the fault. */
    function raised(
      site: string,
      rule: string,
      fits: (alarm: BoundAlarm) => boolean,
      afterS: number,
    ): ActiveAlarm[] {
      return (bySite.get(site) ?? [])
        .filter((alarm) => alarm.rule.rule === rule && fits(alarm))
        .map((alarm) => ({ alarm, since: start + afterS * 1_000 + (random() - 0.5) * jitterMs }));
    }
    const silent = (site: string, fits: (alarm: BoundAlarm) => boolean, afterS: number): ActiveAlarm[] =>
      (bySite.get(site) ?? [])
        .filter((alarm) => alarm.point.source.from === 'link' && fits(alarm))
        .map((alarm) => ({ alarm, since: start + afterS * 1_000 + random() * jitterMs }));
    const on = (feed: 'A' | 'B') => (alarm: BoundAlarm) => alarm.point.feed === feed;
    const deviceRoom = ({ point }: BoundAlarm): string | undefined =>
      roomOf.get(`${point.site}/${point.device ?? ''}`);
    /** What the cause itself reports is missing now and then, where enough depends on it to tell. */
    const reported = (alarms: ActiveAlarm[]): ActiveAlarm[] => (random() < 0.12 ? [] : alarms);
    const some = (alarms: ActiveAlarm[], share: number): ActiveAlarm[] =>
      alarms.filter(() => random() < share);

    const kinds: Readonly<Record<string, (site: string) => Fault>> = {
      'both grids': (site) => ({
        nodes: [`${site}/grid:pln-a`, `${site}/grid:pln-b`],
        alarms: [
          ...reported(raised(site, 'pln-source-lost', () => true, 0)),
          ...raised(site, 'ups-on-battery', () => true, 2),
          ...some(raised(site, 'pac-off', () => true, 6), 0.95),
        ],
      }),
      'one grid': (site) => {
        const feed = pick(['A', 'B'] as const);
        return {
          nodes: [`${site}/grid:pln-${feed.toLowerCase()}`],
          alarms: [
            ...reported(raised(site, 'pln-source-lost', on(feed), 0)),
            ...raised(site, 'ups-on-battery', on(feed), 3),
          ],
        };
      },
      'feed dead': (site) => {
        const feed = pick(['A', 'B'] as const);
        const ups = (bySite.get(site) ?? []).filter(({ rule, point }) => rule.rule === 'ups-output-off' && point.feed === feed);
        return {
          nodes: [...ups.map(({ point }) => `${site}/${point.device ?? ''}`), `${site}/panel:${feed}`],
          alarms: [
            ...reported(raised(site, 'ups-output-off', on(feed), 0)),
            ...some(silent(site, ({ point }) => point.kind === 'pdu' && point.feed === feed, 12), 0.97),
          ],
        };
      },
      'one UPS': (site) => {
        const device = pick((bySite.get(site) ?? []).filter(({ rule }) => rule.rule === 'ups-output-off')).point.device ?? '';
        return {
          nodes: [`${site}/${device}`],
          alarms: ['ups-output-off', 'ups-fault'].flatMap((rule) => raised(site, rule, ({ point }) => point.device === device, 0)),
        };
      },
      'a PAC': (site) => {
        const { device = '', room } = pick((bySite.get(site) ?? []).filter(({ rule }) => rule.rule === 'pac-off')).point;
        const hot = raised(site, 'temperature-high', ({ point }) => point.room === room, 300);
        return {
          nodes: [`${site}/${device}`],
          alarms: [...raised(site, 'pac-off', ({ point }) => point.device === device, 0), ...some(hot, random() * 0.4)],
        };
      },
      'a room cut off': (site) => {
        const room = pick(model.rooms.filter(({ site: of, kind }) => of === site && kind === 'data-hall')).id;
        return { nodes: [`${site}/${room}`], alarms: some(silent(site, (alarm) => deviceRoom(alarm) === room, 3), 0.98) };
      },
      'the broker': (site) => ({
        nodes: [`${site}/broker:main`],
        alarms: some(silent(site, ({ point }) => model.deviceById.get(`${site}/${point.device ?? ''}`)?.address.protocol === 'mqtt', 30), 0.98),
      }),
      'one device': (site) => {
        const device = pick(silent(site, ({ point }) => point.kind === 'pdu' || point.kind === 'meter' || point.kind === 'env', 0)).alarm.point.device ?? '';
        return { nodes: [`${site}/${device}`], alarms: silent(site, ({ point }) => point.device === device, 0) };
      },
      smoke: (site) => {
        const room = pick(raised(site, 'smoke-alert', () => true, 0)).alarm.point.room;
        return {
          nodes: [`${site}/${room ?? ''}`],
          alarms: ['smoke-alert', 'smoke-action', 'fire'].flatMap((rule, level) => raised(site, rule, ({ point }) => point.room === room, level * 40)),
        };
      },
      water: (site) => {
        const room = pick(raised(site, 'leak', () => true, 0)).alarm.point.room;
        return { nodes: [`${site}/${room ?? ''}`], alarms: raised(site, 'leak', ({ point }) => point.room === room, 0).slice(0, 1) };
      },
      'a genset': (site) => {
        const device = pick(raised(site, 'genset-fault', () => true, 0)).alarm.point.device ?? '';
        return { nodes: [`${site}/${device}`], alarms: raised(site, 'genset-fault', ({ point }) => point.device === device, 0).slice(0, 1 + Math.floor(random() * 3)) };
      },
    }; // prettier-ignore

    const names = Object.keys(kinds);
    const faults: Fault[] = [];
    const used = new Set<string>();
    const count = random() < 0.5 ? 1 : 2;
    for (let tries = 0; faults.length < count && tries < 50; tries += 1) {
      const site = pick(model.sites).id;
      const name = pick(names);
      // Two faults of power, cooling or network at one site may hide each other: then nobody could tell them apart.
      const area = `${site} ${areaOf(name)}`;
      if (used.has(area)) continue;
      const fault = kinds[name]?.(site);
      if (fault === undefined || fault.alarms.length === 0) continue;
      used.add(area);
      faults.push(fault);
    }
    const arriving = faults.flatMap(({ alarms }) => alarms);
    for (let place = arriving.length - 1; place > 0; place -= 1) {
      const other = Math.floor(random() * (place + 1));
      const [a, b] = [arriving[place], arriving[other]];
      if (a !== undefined && b !== undefined) [arriving[place], arriving[other]] = [b, a];
    }
    return { seed, faults, arriving };
  };
}

function areaOf(kind: string): string {
  if (/room|broker|device|feed/.test(kind)) return 'network';
  if (/grid|UPS|genset/.test(kind)) return 'power';
  return kind;
}
