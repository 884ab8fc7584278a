import { fileURLToPath } from 'node:url';
import { assert, property, shuffledSubarray } from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../../config/load.ts';
import type { Model } from '../../../config/model.ts';
import { bindRules, type BoundAlarm, type BoundAlarms } from '../../../config/alarms/bind.ts';
import { namesOf } from '../../../config/names.ts';
import { createSituations } from '../../../server/incidents/situation.ts';
import { leading } from '../../../server/incidents/describe.ts';
import {
  createGrouping,
  type ActiveAlarm,
  type Group,
  type Grouping,
} from '../../../server/incidents/grouping.ts';

let model: Model;
let bound: BoundAlarms;
let group: Grouping;
beforeAll(() => {
  const loaded = loadConfig(fileURLToPath(new URL('../../../config', import.meta.url)));
  if (!loaded.ok) throw new Error(loaded.problems.map((problem) => JSON.stringify(problem)).join('\n'));
  model = loaded.model;
  bound = bindRules(model);
  group = createGrouping(model.topology, bound.alarms);
});

/** Alarms of a rule on points that fit, which all begin at `since` (seconds). */
function alarms(rule: string, points: RegExp, since = 0): ActiveAlarm[] {
  const found = bound.alarms.filter((alarm) => alarm.rule.rule === rule && points.test(alarm.point.id));
  if (found.length === 0) throw new Error(`no alarm of ${rule} on ${String(points)}`);
  return found.map((alarm) => ({ alarm, since: since * 1_000 }));
}

/** A device that does not answer, whatever rule says so. */
function lost(fits: (alarm: BoundAlarm) => boolean, since = 0): ActiveAlarm[] {
  return bound.alarms
    .filter((alarm) => alarm.point.source.from === 'link' && fits(alarm))
    .map((alarm) => ({ alarm, since: since * 1_000 }));
}

const inHalls = ({ point }: BoundAlarm): boolean =>
  point.site === 'dc' && model.deviceById.get(`dc/${point.device ?? ''}`)?.room.startsWith('hall-') === true;

/** Cause nodes and how many alarms, a line a group. */
function outline(groups: readonly Group[]): string[] {
  return groups
    .map(({ causes, members }) => {
      const names = causes.map(({ node, inferred }) => (inferred ? `${node}?` : node));
      return `${names.join(' + ')}: ${members.length}`;
    })
    .sort();
}

const outage = (): ActiveAlarm[] => [
  ...alarms('pln-source-lost', /^dc\/pln-a\//),
  ...alarms('pln-source-lost', /^dc\/pln-b\//, 1),
  ...alarms('ups-on-battery', /^dc\//, 3),
  ...alarms('pac-off', /^dc\//, 35),
];

describe('alarms of the shipped estate', () => {
  it('of a PLN outage are one group that names both sources', () => {
    const [only, ...others] = group(outage());
    expect(others).toEqual([]);
    expect(only?.causes.map(({ node }) => node)).toEqual(['dc/grid:pln-a', 'dc/grid:pln-b']);
    const ups = only?.members.find(({ alarm }) => alarm.point.device === 'ups-b1');
    expect(ups?.because).toMatchObject({ through: 'supplies', node: 'dc/grid:pln-b' });
  });

  it('of one UPS are named by the most urgent, not by the first', () => {
    const warning = alarms('ups-warning', /^dc\/ups-a1\//);
    const named = (active: readonly ActiveAlarm[]): string[] =>
      group(active).map(({ members }) => leading(members).alarm.rule.rule);
    expect(named(warning)).toEqual(['ups-warning']);
    expect(named([...warning, ...alarms('ups-on-battery', /^dc\/ups-a1\//, 3)])).toEqual(['ups-on-battery']);
  });

  it('of both PLN sources are one group before anything behind them is in alarm', () => {
    const sources = outage().filter(({ alarm }) => alarm.rule.rule === 'pln-source-lost');
    expect(group(sources)).toHaveLength(1);
  });

  it('of an outage at two sites are two groups', () => {
    expect(group([...outage(), ...alarms('pln-source-lost', /^drc\/pln-a\//)])).toHaveLength(2);
  });

  it('of an outage whose meters are not read name the source all the same, as inferred', () => {
    const unread = outage().filter(({ alarm }) => alarm.rule.rule !== 'pln-source-lost');
    expect(outline(group(unread))).toEqual([`dc/grid:pln-a? + dc/grid:pln-b?: ${unread.length}`]);
  });

  it('of a UPS on battery while PLN is well are its own', () => {
    expect(outline(group(alarms('ups-on-battery', /^dc\/ups-a1\//)))).toEqual(['dc/ups-a1: 1']);
  });

  // The other first action: servers are shut down, whatever the batteries are used for.
  it('of batteries that are nearly empty are one group by room, beside that of the outage', () => {
    const low = alarms('ups-battery-low', /^dc\/ups-a/, 600);
    expect(low.length).toBeGreaterThan(1);
    const groups = outline(group([...outage(), ...low, ...alarms('ups-battery-low', /^dc\/ups-b1\//, 660)]));
    expect(groups).toHaveLength(3);
    expect(groups).toContain(`dc/ups-a1 + dc/ups-a2: ${low.length}`);
    const one = [
      ...alarms('ups-on-battery', /^dc\/ups-a1\//),
      ...alarms('ups-battery-low', /^dc\/ups-a1\//, 300),
    ];
    expect(outline(group(one))).toHaveLength(2);
  });

  it('of a UPS that goes on battery hours after a PLN source was lost are its own', () => {
    const groups = group([
      ...alarms('pln-source-lost', /^dc\/pln-a\//),
      ...alarms('ups-on-battery', /^dc\/ups-a1\//, 7_200),
    ]);
    expect(outline(groups)).toEqual(['dc/grid:pln-a: 1', 'dc/ups-a1: 1']);
  });

  it('of a UPS without output and of the redundancy that its feed loses with it are one group', () => {
    const lostSpare = [
      ...alarms('ups-output-off', /^dc\/ups-a1\//),
      ...alarms('ups-redundancy-lost', /^dc\/site\/ups-a\//, 60),
      ...alarms('ups-redundancy-lost', /^dc\/site\/ups-b\//, 60),
    ];
    expect(outline(group(lostSpare))).toEqual(['dc/panel:B: 1', 'dc/ups-a1: 2']);
  });

  it('of all PACs of a hall are one group, with how fast the hall warms and how hot it is', () => {
    const hall = [
      ...alarms('pac-off', /^dc\/pac-0[1-8]\//),
      ...alarms('temperature-rise', /^dc\/hall-1\//, 120),
      ...alarms('pac-redundancy-lost', /^dc\/hall-1\//, 300),
      ...alarms('temperature-high', /^dc\/env-a/, 300),
    ];
    expect(group(hall)).toHaveLength(1);
  });

  it('of both internet providers are one group', () => {
    const internet = [
      ...alarms('interface-down', /^dc\/router-[12]\/wan\//, 30),
      ...alarms('internet-lost', /^dc\//, 30),
    ];
    expect(outline(group(internet))).toEqual(['dc/router-1 + dc/router-2: 3']);
  });

  it('of a dead feed are one group with its UPSs as the cause', () => {
    const feed = [
      ...alarms('ups-output-off', /^dc\/ups-a/),
      ...lost(({ point }) => point.site === 'dc' && point.kind === 'pdu' && point.feed === 'A', 12),
      ...alarms('rack-feed-overload', /^dc\/pdu-a01-b\//, 70),
    ];
    expect(outline(group(feed))).toEqual([`dc/ups-a1 + dc/ups-a2: ${feed.length}`]);
  });

  it('of one UPS without output do not explain a PDU that the other UPS of the feed supplies', () => {
    const groups = group([
      ...alarms('ups-output-off', /^dc\/ups-a1/),
      ...lost(({ point }) => point.id === 'dc/pdu-a01-a/link', 12),
    ]);
    expect(outline(groups)).toEqual(['dc/pdu-a01-a: 1', 'dc/ups-a1: 1']);
  });

  it('of a cut network are one group at the rooms that are cut off', () => {
    const silent = lost(inHalls, 5);
    expect(silent.length).toBeGreaterThan(500);
    expect(outline(group(silent))).toEqual([`dc/hall-1? + dc/hall-2?: ${silent.length}`]);
  });

  it('of a dead broker name the broker', () => {
    const overBroker = lost(
      ({ point }) =>
        point.site === 'dc' &&
        model.topology
          .into(`dc/${point.device ?? ''}`, 'carries')
          .some(({ from }) => from === 'dc/broker:main'),
    );
    expect(outline(group(overBroker))).toEqual([`dc/broker:main?: ${overBroker.length}`]);
  });

  it('of two silent PDUs of hundreds infer nothing', () => {
    const two = lost(({ point }) => /^dc\/pdu-(a01|f22)-a\/link$/.test(point.id));
    expect(outline(group(two))).toEqual(['dc/pdu-a01-a + dc/pdu-f22-a: 2']);
  });

  it('of heat behind a stopped PAC belong to the PAC', () => {
    const pac = model.topology.into('dc/hall-1', 'cools')[0]?.from ?? '';
    const hot = [
      ...alarms('pac-off', new RegExp(`^${pac}/`)),
      ...alarms('temperature-high', /^dc\/env-a0[1-5]\//, 400),
    ];
    expect(outline(group(hot))).toEqual([`${pac}: 6`]);
  });

  it('of smoke in one room are one group whatever its level, apart from everything else', () => {
    const smoke = ['smoke-alert', 'smoke-action', 'fire'].flatMap((rule) =>
      alarms(rule, /^dc\/vesda-hall-1-a\//),
    );
    expect(outline(group(smoke))).toEqual(['dc/hall-1: 3']);
    expect(outline(group([...smoke, ...outage(), ...lost(inHalls)]))).toContain('dc/hall-1: 3');
  });

  it('make the same groups in whatever order they arrive', () => {
    const all = [
      ...outage(),
      ...lost(({ point }) => point.site === 'dc' && point.kind === 'env').slice(0, 40),
      ...alarms('smoke-alert', /^dc\/vesda-hall-2/),
      ...alarms('ups-battery-low', /^smart-dc\//),
    ];
    const expected = outline(group(all));
    const keys = group(all).map(({ key }) => key).sort(); // prettier-ignore
    assert(
      property(shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        const groups = group(shuffled);
        expect(outline(groups)).toEqual(expected);
        expect(groups.map(({ key }) => key).sort()).toEqual(keys);
      }),
      { numRuns: 20 },
    );
  });
});

describe('who carries the load while both PLN sources are in alarm', () => {
  const sources = (): ActiveAlarm[] => outage().filter(({ alarm }) => alarm.rule.rule === 'pln-source-lost');

  function carrierAt(volts: number | null, ofB = volts): unknown {
    const [{ causes, members } = { causes: [], members: [] }] = group(sources());
    const situationOf = createSituations({
      model, alarms: bound.alarms, names: namesOf(model), monotonic: () => 0,
      readNow: ({ quantity, owner }) => (quantity !== 'voltage-max' ? null : owner.id === 'pln-b' ? ofB : volts),
    }); // prettier-ignore
    return situationOf({ site: 'dc', leading: leading(members), causes, members, occurrenceOf: () => undefined }).carrier; // prettier-ignore
  }

  it('are the batteries when no genset runs, also while the meters are not read', () => {
    expect(carrierAt(0)).toEqual({ by: 'batteries' });
    expect(carrierAt(null)).toEqual({ by: 'batteries' });
  });

  it('is PLN again when its voltage is back and the alarm is only held', () => {
    expect(carrierAt(230)).toEqual({ by: 'grid', back: null });
  });

  it('is the one source that is back, by its name, while the other is still away or not read', () => {
    const onlyA = { by: 'grid', back: [{ id: 'PLN A', en: 'PLN A' }] };
    expect(carrierAt(230, 0)).toEqual(onlyA);
    expect(carrierAt(230, null)).toEqual(onlyA);
  });
});
