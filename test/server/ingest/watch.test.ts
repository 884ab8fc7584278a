import { expect, it } from 'vitest';
import type { Member } from '../../../server/ingest/remote-collectors.ts';
import { collectorReadings, polledTwice, type WatchContext } from '../../../server/ingest/watch.ts';
import { shippedModel } from '../support/server.ts';

const model = shippedModel();
const now = 1_800_000_000_000;

const report: NonNullable<Member['report']> = {
  version: '0', sites: ['drc'], startedAt: now, skewMs: 0, roundTripMs: 1,
  spool: {
    readings: 0, oldestAt: null, bytes: 0, limitBytes: 1, lost: { readings: 0, from: null, to: null },
    refused: { readings: 0, reason: null }, problem: null,
  },
}; // prettier-ignore

function member(more: Partial<Member> = {}): Member {
  const counters = { live: 0, late: 0, refused: 0, repeated: 0, ahead: 0 };
  return {
    name: 'one',
    sites: ['drc'],
    lastContactAt: now,
    report: undefined,
    counters,
    silent: false,
    ...more,
  };
}

function seen(more: Partial<WatchContext>): Record<string, number> {
  const context = { model, members: [], local: new Set<string>(), settled: true, now, ...more };
  return Object.fromEntries(
    collectorReadings(context).map(({ point, value }) => [model.points[point]?.id ?? '', value]),
  );
}

const links = (more: Partial<WatchContext>): Record<string, number | undefined> => {
  const all = seen(more);
  return Object.fromEntries(
    ['dc', 'smart-dc', 'drc'].map((site) => [site, all[`${site}/site/collector-link`]]),
  );
};
const [silent, reporting, none] = [0, 1, 2];

it('expects nobody where nobody was ever heard and none is configured', () => {
  expect(links({ members: [member({ lastContactAt: undefined })] })).toEqual({ dc: none, 'smart-dc': none, drc: none }); // prettier-ignore
});

it('says that a site is watched when its collector reports or it is polled here', () => {
  expect(links({ members: [member()], local: new Set(['dc']) })).toEqual({ dc: reporting, 'smart-dc': none, drc: reporting }); // prettier-ignore
});

it('says that a site is not watched when one of its collectors is silent', () => {
  const members = [member(), member({ name: 'two', silent: true })];
  expect(links({ members })['drc']).toBe(silent);
});

it('waits after the start before it misses a collector that the configuration promises', () => {
  const remote = { ...model, sites: model.sites.map((site) => ({ ...site, collector: 'remote' as const })) };
  expect(links({ model: remote, settled: false })['drc']).toBeUndefined();
  expect(links({ model: remote })).toEqual({ dc: silent, 'smart-dc': silent, drc: silent });
});

it('tells the worst clock of those who report, and nothing while all are silent', () => {
  const skewed = (name: string, skewMs: number, more: Partial<Member> = {}) =>
    member({ name, report: { ...report, skewMs }, ...more });
  const skew = (members: Member[]) => seen({ members })['drc/site/collector-skew'];
  expect(skew([skewed('one', 200), skewed('two', -1_500), skewed('three', 9_000, { silent: true })])).toBe(
    1.5,
  );
  expect(skew([skewed('three', 9_000, { silent: true })])).toBeUndefined();
  expect(skew([])).toBe(0);
});

it('names who polls a site that is polled here too', () => {
  const context = { model, members: [member()], local: new Set(['drc']), settled: true, now };
  expect([...polledTwice(context)]).toEqual([['drc', ['one']]]);
  expect(polledTwice({ ...context, local: new Set(['dc']) }).size).toBe(0);
});
