import type { BatchName } from '../../core/buffer.ts';
import type { Clock } from '../../core/clock.ts';
import type { DeviceDiagnostics } from '../collectors.ts';
import type { NamedReading } from '../../core/reading.ts';
import { createDiagnosticsChanges } from './live.ts';
import type { IngestClient, Outcome } from './client.ts';
import { wireColumns } from './columns.ts';
import { type Link, type Sequence, createSkewMeter } from './link.ts';
import type { CollectorReport } from './wire.ts';

interface OutgoingBatch {
  readonly name: BatchName;
  readonly live: boolean;
  readonly readings: readonly NamedReading[];
}

/** Sends messages, adds a report when one is due, and reads clock skew and server restarts from the answers. */
export interface Messenger {
  send(batch?: OutgoingBatch): Promise<Outcome>;
  reportDue(): boolean;
}

export interface MessengerOptions {
  readonly clock: Clock;
  readonly client: IngestClient;
  readonly link: Link;
  readonly sequence: Sequence;
  readonly signal: AbortSignal;
  readonly about: Pick<CollectorReport, 'version' | 'sites' | 'startedAt'>;
  readonly spool: () => CollectorReport['spool'];
  readonly diagnostics: () => readonly DeviceDiagnostics[];
  /** The server has just started, or is another one: it has no current values of the site. */
  readonly onNewServer: () => void;
}

const reportEveryMs = 5_000;

export function createMessenger(options: MessengerOptions): Messenger {
  const { clock, client, link, sequence, signal, about } = options;
  const skew = createSkewMeter();
  const changes = createDiagnosticsChanges();
  let reportedAt = -Infinity;
  let server: number | undefined;

  function report(): CollectorReport {
    const figures = skew.figures();
    return {
      ...about,
      skewMs: figures?.skewMs ?? null,
      roundTripMs: figures?.roundTripMs ?? null,
      spool: options.spool(),
      devices: changes.pending(options.diagnostics()),
    };
  }

  function learn(sentAt: number, outcome: Extract<Outcome, { kind: 'done' }>): void {
    const { receivedAt, answeredAt, serverStartedAt } = outcome.answer;
    skew.add({ sentAt, receivedAt, answeredAt, heardAt: outcome.heardAt });
    if (serverStartedAt === server) return;
    server = serverStartedAt;
    changes.forget();
    reportedAt = -Infinity;
    options.onNewServer();
  }

  const reportDue = (): boolean => clock.monotonic() - reportedAt >= reportEveryMs;

  return {
    reportDue,
    async send(batch) {
      const sentAt = clock.now();
      const dueReport = batch === undefined || reportDue() ? report() : undefined;
      if (dueReport !== undefined) reportedAt = clock.monotonic();
      const outcome = await client.post(
        {
          sentAt,
          ...(dueReport === undefined ? {} : { report: dueReport }),
          ...(batch === undefined
            ? {}
            : {
                batch: {
                  ...batch.name,
                  settled: sequence.settledOf(batch.name),
                  live: batch.live,
                  ...wireColumns(batch.readings),
                },
              }),
        },
        signal,
      );
      link.record(outcome);
      if (outcome.kind === 'done') {
        if (dueReport !== undefined) changes.markSent(dueReport.devices);
        learn(sentAt, outcome);
      } else if (dueReport !== undefined) reportedAt = -Infinity;
      return outcome;
    },
  };
}
