import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pino } from 'pino';
import { loadConfig } from '../config/load.ts';
import { systemClock } from '../core/clock.ts';
import { good } from '../core/reading.ts';
import { bindCompliance, type BoundPoint, type BoundSite } from '../server/compliance/bind.ts';
import { monthRange } from '../server/compliance/months.ts';
import { createCompliance, type ComplianceService } from '../server/compliance/service.ts';
import { openDatabase } from '../server/db/database.ts';
import type { Historian, StoredReading } from '../server/historian/historian.ts';
import { emptyCurrentValues } from '../server/pipeline/current.ts';
import { createReport } from './figures.ts';
import { embeddedWith, type Trial } from './historian/contender.ts';
import { createRandom } from './historian/traces.ts';
import { cpuSeconds, residentMb } from './process.ts';

/**
 * The monthly compliance of the three shipped sites over 31 days of every point that a row of BAB IV is measured by, and how long anything else waits for its
 * turn meanwhile. Prints figures beside their aims and asserts none; `--json` prints JSON; `BENCH_SMALL=1` stores two days of the month.
 */
const isSmall = process.env['BENCH_SMALL'] === '1';
const month = '2026-01';
const dayMs = 86_400_000;
/** A reading in ten minutes, which holds until the next. */
const stepMs = 600_000;
/** Out of its band, so that its hour is read reading by reading. */
const brokenShare = 0.0005;

const loaded = loadConfig(process.env['PANTAU_CONFIG'] ?? './config');
if (!loaded.ok) throw new Error('the configuration is broken: pantau check-config');
const { model } = loaded;
const catalogue = model.compliance;
if (catalogue === undefined) throw new Error('the configuration does not say how BAB IV is proven');
const { note, figure, end } = createReport();
const { from, to: end31 } = monthRange(month);
const storedTo = isSmall ? from + 2 * dayMs : end31;
const folder = mkdtempSync(join(tmpdir(), 'pantau-compliance-bench-'));
const contender = embeddedWith((id) => ({
  isState: model.pointById.get(id)?.unit === 'state',
  holdMs: stepMs * 1.5,
}));
const db = await openDatabase(join(folder, 'operations.db'));
let trial: Trial | undefined;
try {
  const points = measuredPoints(bindCompliance(model, catalogue));
  const readings = contender.load(folder, {
    points: points.map(({ point }) => point.id),
    batches: batchesOf(points),
    now: storedTo + dayMs / 12,
  });
  note(`${points.length} points, ${readings} readings stored`);
  trial = await contender.open(folder, storedTo + dayMs / 12);
  const compliance = complianceOn(trial.historian);
  await measure(compliance);
  await compliance.close();
} finally {
  await trial?.historian.close();
  await db.destroy();
  rmSync(folder, { recursive: true, force: true });
}
end();

function complianceOn(historian: Historian): ComplianceService {
  const compliance = createCompliance({
    model,
    db,
    historian,
    dataFolder: join(folder, 'documents'),
    values: emptyCurrentValues(model.points.length),
    clock: { now: () => end31 + dayMs, monotonic: () => systemClock.monotonic() },
    newId: String,
    log: pino({ level: 'error' }, process.stderr),
  });
  if (compliance === undefined) throw new Error('the configuration does not say how BAB IV is proven');
  return compliance;
}

function measuredPoints(sites: readonly BoundSite[]): BoundPoint[] {
  const bound = sites
    .flatMap(({ rows }) => rows)
    .flatMap(({ proofs }) => proofs)
    .flatMap((proof) => (proof.by === 'points' ? proof.points : []));
  return [...new Map(bound.map((each) => [each.point.id, each])).values()];
}

/** A value within what the rule asks, and one beyond it. */
function valuesOf({ point, low, high, states }: BoundPoint): {
  readonly right: number;
  readonly wrong: number;
} {
  const [first = 0] = states ?? [];
  if (states !== undefined)
    return {
      right: first,
      wrong: [...(point.states?.keys() ?? [])].find((code) => !states.has(code)) ?? first,
    };
  const right = low !== null && high !== null ? (low + high) / 2 : low !== null ? low + 1 : (high ?? 1) - 0.5;
  return { right, wrong: high === null ? (low ?? 0) - 1 : high + 1 };
}

function* batchesOf(points: readonly BoundPoint[]): Generator<StoredReading[]> {
  const random = createRandom(5);
  const rows = points.map((bound) => ({
    id: bound.point.id,
    isState: bound.states !== undefined,
    ...valuesOf(bound),
  }));
  for (let at = from; at < storedTo; at += stepMs)
    yield rows.map(({ id, isState, right, wrong }) => {
      const drift = isState ? 0 : Math.round(random() * 4) / 10 - 0.2;
      return { point: id, at, value: random() < brokenShare ? wrong : right + drift, quality: good };
    });
}

async function measure(compliance: ComplianceService): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const begun = performance.now();
  const cpu = cpuSeconds(process.pid);
  for (const { site } of compliance.sites) {
    const view = await compliance.month(site.id, month);
    const measured = view.proofs.filter(({ share }) => (share.coverage ?? 0) > 0).length;
    note(`${site.id}: ${view.items.length} rows, ${measured} proofs measured`);
  }
  figure('compliance of a month, three sites', (performance.now() - begun) / 1_000, 's', {
    aim: { atMost: 60 },
    digits: 1,
  });
  figure('CPU for it', cpuSeconds(process.pid) - cpu, 's', { digits: 1 });
  delay.disable();
  figure('event-loop delay p99 meanwhile', delay.percentile(99) / 1e6, 'ms', {
    aim: { atMost: 20 },
    digits: 1,
  });
  figure('longest event-loop delay meanwhile', delay.max / 1e6, 'ms', { digits: 1 });
  figure('resident memory', residentMb(process.pid), 'MB');
}
