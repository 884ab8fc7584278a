import { expect, it } from 'vitest';
import type { CollectedDiagnostics } from '../../../server/ingest/remote-collectors.ts';
import { createTroubleLog } from '../../../server/ingest/troubles.ts';
import { shippedModel } from '../support/server.ts';

const [device] = shippedModel().devices;
const minute = 60_000;
const start = 1_800_000_000_000;

function row(more: Partial<CollectedDiagnostics> = {}): CollectedDiagnostics {
  if (device === undefined) throw new Error('no device');
  return {
    device, collector: 'local', state: 'ok', lastAnswerAt: undefined, latencyMs: undefined, polls: 0, timeouts: 0,
    decodeErrors: 0, late: 0, skipped: 0, stretch: 1, clockOffsetMs: undefined, malformed: 0, wrongSource: 0, lastError: undefined, ...more,
  }; // prettier-ignore
}

/** Observed every minute, as the server does. */
function observed(minutes: number, rowAt: (minute: number) => CollectedDiagnostics) {
  const log = createTroubleLog();
  for (let n = 0; n <= minutes; n += 1) log.observe(start + n * minute, () => [rowAt(n)]);
  return (more: Partial<CollectedDiagnostics>) => log.lastHour(row(more), start + minutes * minute);
}

it('knows nothing against a device when it sees it for the first time, whatever it counted before', () => {
  const lastHour = observed(0, () => row({ timeouts: 400 }));
  expect(lastHour({ timeouts: 400 })).toEqual({ timeouts: 0, late: 0, skipped: 0, decodeErrors: 0, discarded: 0 });
}); // prettier-ignore

it('counts what came since, also what came after it looked last', () => {
  const lastHour = observed(10, (n) => row({ timeouts: n, malformed: 2 * n, wrongSource: n }));
  expect(lastHour({ timeouts: 12, malformed: 20, wrongSource: 10 })).toMatchObject({ timeouts: 12, discarded: 30 });
}); // prettier-ignore

it('forgets what is older than an hour', () => {
  const lastHour = observed(70, (n) => row({ late: Math.min(n, 3), skipped: n < 65 ? 0 : 1 }));
  expect(lastHour({ late: 3, skipped: 1 })).toMatchObject({ late: 0, skipped: 1 });
});

it('adds up both lives when a collector starts anew', () => {
  const lastHour = observed(10, (n) => row({ decodeErrors: n < 5 ? n : n - 5 }));
  expect(lastHour({ decodeErrors: 5 })).toMatchObject({ decodeErrors: 4 + 5 });
});
