import { expect, it } from 'vitest';
import type { Member } from '../../../server/ingest/fleet.ts';
import { collectorReadings, type WatchContext } from '../../../server/ingest/watch.ts';
import { shippedModel } from '../support/server.ts';

const model = shippedModel();
const now = 1_800_000_000_000;

function member(more: Partial<Member> = {}): Member {
  const counters = { live: 0, late: 0, refused: 0, repeated: 0 };
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

it('expects nobody where nobody was ever heard and none is configured', () => {
  expect(seen({ members: [member({ lastContactAt: undefined })] })).toEqual({});
});

it('says that a site is watched when its collector reports or it is polled here', () => {
  expect(seen({ members: [member()], local: new Set(['dc']) })).toEqual({
    'dc/site/collector-link': 1,
    'drc/site/collector-link': 1,
  });
});

it('says that a site is not watched when one of its collectors is silent', () => {
  const members = [member(), member({ name: 'two', silent: true })];
  expect(seen({ members })).toEqual({ 'drc/site/collector-link': 0 });
});

it('waits after the start before it misses a collector that the configuration promises', () => {
  const remote = { ...model, sites: model.sites.map((site) => ({ ...site, collector: 'remote' as const })) };
  expect(seen({ model: remote, settled: false })).toEqual({});
  expect(seen({ model: remote })).toEqual({
    'dc/site/collector-link': 0,
    'smart-dc/site/collector-link': 0,
    'drc/site/collector-link': 0,
  });
});
