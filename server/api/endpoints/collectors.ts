import { z } from 'zod';
import type { Clock } from '../../../core/clock.ts';
import { ingestInput, ingestOutput, maxMessageBytes } from '../../../collectors/remote/wire.ts';
import { collectorView as collectorViewSchema } from '../../contracts/collectors.ts';
import { page } from '../../contracts/common.ts';
import type { CollectedDiagnostics, RemoteCollectors } from '../../ingest/remote-collectors.ts';
import type { IngestService } from '../../ingest/service.ts';
import { collectorEndpoint, endpoint, type Endpoint } from '../../http/endpoint.ts';
import { pageOfArray, pageQuery } from '../../http/page.ts';
import { collectorView, localCollector } from '../views/collector.ts';

export interface CollectorServices {
  readonly clock: Clock;
  readonly version: string;
  readonly startedAt: number;
  readonly ingest: IngestService;
  readonly remoteCollectors: Pick<RemoteCollectors, 'members'>;
  readonly deviceDiagnostics: () => readonly CollectedDiagnostics[];
  /** Sites that this process polls itself. */
  readonly localSites: readonly string[];
}

export function collectorEndpoints(services: CollectorServices): Endpoint[] {
  const { clock, version, startedAt, ingest, remoteCollectors, deviceDiagnostics, localSites } = services;
  return [
    endpoint({
      method: 'get',
      path: '/collectors',
      role: 'viewer',
      summary: 'Who reads the field: contact, clock, spool and losses of every collector',
      input: { query: z.strictObject(pageQuery) },
      output: page(collectorViewSchema),
      csv: true,
      handler({ query }) {
        const health = deviceDiagnostics();
        const local = localCollector(localSites, { version, startedAt, now: clock.now(), health });
        const rows = [local, ...remoteCollectors.members().map((member) => collectorView(member, health))];
        return pageOfArray(rows, query, (row) => row);
      },
    }),
    collectorEndpoint({
      method: 'post',
      path: '/ingest',
      summary:
        'Takes a message of a collector: how it is, and a batch of readings; answers when they are durable',
      input: { body: ingestInput },
      output: ingestOutput,
      bodyLimit: `${maxMessageBytes / 1_048_576}mb`,
      handler: ({ body, user }) => ingest.take(user, body),
    }),
  ];
}
