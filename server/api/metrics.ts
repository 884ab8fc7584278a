import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { AlarmFacts } from '../alarms/facts.ts';
import type { HealthSources } from './health.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';

interface MetricSources extends HealthSources {
  readonly pipeline: Pick<Pipeline, 'stats' | 'consumers' | 'ahead'>;
  readonly clients: () => number;
}

/** Gauges that prom-client names like counters, which promtool refuses; `nodejs_active_handles` and the others tell the same by type. */
const misnamed = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** What Prometheus may know; figures are taken from their owners when asked. */
export function createMetrics(sources: MetricSources): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of misnamed) registry.removeSingleMetric(name);
  const counter = (name: string, help: string, total: () => number): void => {
    const metric: Counter = new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        metric.reset();
        metric.inc(total());
      },
    });
  };
  const gauge = (name: string, help: string, value: () => number): void => {
    const metric: Gauge = new Gauge({
      name,
      help,
      registers: [registry],
      collect: () => metric.set(value()),
    });
  };
  const { pipeline, writer, incidents, clients } = sources;
  counter('pantau_readings_accepted_total', 'Readings taken in', () => pipeline.stats().accepted);
  counter('pantau_readings_late_total', 'Readings older than what was known', () => pipeline.stats().late);
  counter('pantau_readings_stored_total', 'Readings the historian has taken', () => writer.stats().written);
  counter(
    'pantau_readings_dropped_total',
    'Readings lost before the historian',
    () => writer.stats().dropped,
  );
  gauge('pantau_readings_waiting', 'Readings that wait for the historian', () => writer.stats().buffered);
  gauge('pantau_incidents_open', 'Open incidents', () => incidents.openCount());
  gauge('pantau_live_clients', 'Connected pages', clients);
  const labelled = (
    name: string,
    { help, label }: { readonly help: string; readonly label: string },
    totals: () => readonly (readonly [string, number])[],
  ): void => {
    const metric: Counter = new Counter({
      name,
      help,
      labelNames: [label],
      registers: [registry],
      collect() {
        metric.reset();
        for (const [value, total] of totals()) metric.inc({ [label]: value }, total);
      },
    });
  };
  labelled(
    'pantau_readings_ahead_total',
    { help: 'Readings and events from the future, taken as of now', label: 'source' },
    () => pipeline.ahead().map(({ source, count }) => [source, count]),
  );
  labelled(
    'pantau_consumer_failures_total',
    { help: 'Exceptions of those that the pipeline serves', label: 'consumer' },
    () => pipeline.consumers().map(({ name, failures }) => [name, failures]),
  );
  const devices = new Gauge({
    name: 'pantau_devices',
    help: 'Devices by site and state',
    labelNames: ['site', 'state'],
    registers: [registry],
    collect() {
      devices.reset();
      for (const { device, state } of sources.deviceDiagnostics()) devices.inc({ site: device.site, state });
    },
  });
  const stretched = new Gauge({
    name: 'pantau_devices_stretched',
    help: 'Devices that cannot be read in their interval, by site',
    labelNames: ['site'],
    registers: [registry],
    collect() {
      stretched.reset();
      for (const { device, stretch } of sources.deviceDiagnostics())
        if (stretch > 1) stretched.inc({ site: device.site });
    },
  });
  const alarms = new Gauge({
    name: 'pantau_alarms',
    help: 'Alarms that stand, by site and whether they are annunciated or how they are hidden',
    labelNames: ['site', 'list'],
    registers: [registry],
    collect() {
      alarms.reset();
      for (const { alarm, facts } of sources.alarms.active())
        alarms.inc({ site: alarm.point.site, list: listOf(facts) });
    },
  });
  const traps = new Counter({
    name: 'pantau_snmp_traps_total',
    help: 'SNMP traps and informs by what became of them',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      traps.reset();
      const { received: _received, ...outcomes } = sources.traps?.counters() ?? { received: 0 };
      for (const [outcome, count] of Object.entries(outcomes)) traps.inc({ outcome }, count);
    },
  });
  const sum =
    (pick: 'polls' | 'timeouts' | 'decodeErrors' | 'late' | 'skipped' | 'malformed' | 'wrongSource') =>
    (): number =>
      sources.deviceDiagnostics().reduce((total, health) => total + health[pick], 0);
  counter('pantau_polls_total', 'Polls of all devices', sum('polls'));
  counter('pantau_poll_timeouts_total', 'Polls without an answer', sum('timeouts'));
  counter('pantau_decode_errors_total', 'Values that could not be decoded', sum('decodeErrors'));
  counter('pantau_polls_late_total', 'Polls that began late', sum('late'));
  counter('pantau_polls_skipped_total', 'Polls passed over', sum('skipped'));
  counter('pantau_answers_malformed_total', 'Answers that could not be understood', sum('malformed'));
  counter('pantau_answers_wrong_source_total', 'Answers from another address, dropped', sum('wrongSource'));
  return registry;
}

function listOf(facts: AlarmFacts): 'annunciated' | 'shelved' | 'suppressed' | 'out-of-service' {
  if (facts.outOfService) return 'out-of-service';
  if (facts.shelf !== null) return 'shelved';
  return facts.suppressed || facts.suppressedBy !== null ? 'suppressed' : 'annunciated';
}
