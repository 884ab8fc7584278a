import { Gauge, type Registry } from 'prom-client';
import type { Clock } from '../../core/clock.ts';
import type { RemoteCollectors, Member } from './remote-collectors.ts';

/** Every remote collector, by its name; a figure that it has not reported is left out. */
export function addCollectorMetrics(
  registry: Registry,
  {
    remoteCollectors,
    clock,
  }: { readonly remoteCollectors: Pick<RemoteCollectors, 'members'>; readonly clock: Clock },
): void {
  const figures: Record<string, { help: string; of: (member: Member) => number | undefined }> = {
    pantau_collector_contact_age_seconds: {
      help: 'Since a collector was last heard of',
      of: ({ lastContactAt }) =>
        lastContactAt === undefined ? undefined : Math.max(0, clock.now() - lastContactAt) / 1_000,
    },
    pantau_collector_clock_skew_seconds: {
      help: "A collector's clock minus the server's",
      of: ({ report }) => {
        const skewMs = report?.skewMs ?? undefined;
        return skewMs === undefined ? undefined : skewMs / 1_000;
      },
    },
    pantau_collector_spool_readings: {
      help: 'Readings that wait at a collector',
      of: ({ report }) => report?.spool.readings,
    },
    pantau_collector_spool_bytes: {
      help: 'What they take on its disk',
      of: ({ report }) => report?.spool.bytes,
    },
    pantau_collector_lost_readings: {
      help: 'Readings lost before they could be delivered, since the spool was made',
      of: ({ report }) => report?.spool.lost.readings,
    },
    pantau_collector_refused_readings: {
      help: 'Readings refused, since the start',
      of: ({ counters }) => counters.refused,
    },
    pantau_collector_late_readings: {
      help: 'Readings that came from a spool, since the start',
      of: ({ counters }) => counters.late,
    },
    pantau_collector_ahead_readings: {
      help: 'Readings that came with a time in the future, since the start',
      of: ({ counters }) => counters.ahead,
    },
  };
  for (const [name, { help, of }] of Object.entries(figures)) {
    const gauge: Gauge<'collector'> = new Gauge({
      name,
      help,
      labelNames: ['collector'],
      registers: [registry],
      collect() {
        gauge.reset();
        for (const member of remoteCollectors.members()) {
          const value = of(member);
          if (value !== undefined) gauge.set({ collector: member.name }, value);
        }
      },
    });
  }
}
