import { expect, test } from 'vitest';
import { healthParts } from '../../server/api/health.ts';
import { createMetrics } from '../../server/api/metrics.ts';

const counted = { received: 9, obeyed: 3, polled: 1, unknownSender: 2, refused: 1, malformed: 1, dropped: 1 };

function sources(problem?: string) {
  return {
    deviceDiagnostics: () => [],
    pipeline: { stats: () => ({ accepted: 0, late: 0 }), consumers: () => [], ahead: () => [] },
    historian: { problem: () => undefined },
    writer: { problem: () => undefined, stats: () => ({ written: 0, dropped: 0, buffered: 0 }) },
    incidents: { problem: () => undefined, openCount: () => 0 },
    notify: { problem: () => undefined },
    isSimulated: false,
    remoteCollectors: { members: () => [] },
    alarms: { active: () => [], failing: () => [] },
    collect: true,
    traps: { counters: () => counted, problem: () => problem },
  };
}
const partOf = (problem?: string) =>
  healthParts(sources(problem)).map((part) => part()).find(({ part }) => part === 'snmp traps'); // prettier-ignore

test('health tells what became of the traps', () => {
  expect(partOf()).toEqual({
    part: 'snmp traps',
    status: 'ok',
    detail:
      '9 received, 3 obeyed, 1 only polled for; 2 of unknown senders, 1 refused, 1 malformed, 1 dropped',
  });
});

test('health is degraded when traps cannot be received', () => {
  expect(partOf('UDP port 162 is in use')).toEqual({
    part: 'snmp traps',
    status: 'degraded',
    detail: 'UDP port 162 is in use',
  });
});

test('health says nothing of traps when nobody asked for them', () => {
  const { traps: _, ...rest } = sources();
  expect(healthParts(rest).map((part) => part().part)).not.toContain('snmp traps');
});

test('metrics tell what became of the traps', async () => {
  const text = await createMetrics({ ...sources(), clients: () => 0 }).metrics();
  expect(text.split('\n').filter((line) => line.startsWith('pantau_snmp_traps_total'))).toEqual(
    ['obeyed 3', 'polled 1', 'unknownSender 2', 'refused 1', 'malformed 1', 'dropped 1'].map((line) => {
      const [outcome, count] = line.split(' ');
      return `pantau_snmp_traps_total{outcome="${outcome}"} ${count}`;
    }),
  );
});
