import type { Logger } from 'pino';
import type { Model } from '../../config/model.ts';
import { repeat } from '../../core/repeat.ts';
import type { Clock } from '../../core/clock.ts';
import { listTokens, sitesOf } from '../auth/tokens.ts';
import type { Database } from '../db/schema.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { createRemoteCollectors, silentAfterMs, type RemoteCollectors } from './remote-collectors.ts';
import { createLedger } from './ledger.ts';
import { createIngestRepository } from './repository.ts';
import { createIngest, type IngestOptions, type IngestService } from './service.ts';
import { collectorReadings, polledTwice } from './watch.ts';

export interface IngestParts {
  readonly ingest: IngestService;
  readonly remoteCollectors: RemoteCollectors;
  /** Looks after tokens and silent collectors until it is closed. */
  close(): Promise<void>;
}

const watchEveryMs = 5_000;
/** A spool that has been silent for so long is delivered again from its start, and stored over what is there. */
const forgetAfterMs = 90 * 86_400_000;

/** The receiving end of remote collectors. Rejects when the operations database cannot be read. */
export async function openIngest(options: {
  readonly model: Model;
  readonly db: Database;
  readonly clock: Clock;
  readonly log: Logger;
  readonly append: IngestOptions['append'];
  readonly storeEvents: IngestOptions['storeEvents'];
  readonly pipeline: Pick<Pipeline, 'accept' | 'show'>;
  /** Sites that this process polls itself. */
  readonly localSites: readonly string[];
}): Promise<IngestParts> {
  const { model, db, clock, log, append, pipeline } = options;
  const repository = createIngestRepository(db);
  const remoteCollectors = createRemoteCollectors({ model, clock, log });
  const local = new Set(options.localSites);
  const startedAt = clock.monotonic();

  async function meet(): Promise<void> {
    const contacts = await repository.contacts();
    const tokens = await listTokens(db);
    remoteCollectors.expect(
      tokens
        .filter(
          ({ role, expires_at: until }) => role === 'collector' && (until === null || until > clock.now()),
        )
        .map((token) => ({
          name: token.name,
          sites: sitesOf(token),
          lastContactAt: contacts.get(token.name),
        })),
    );
  }

  let doubles = '';
  function warnOfDoubles(found: ReadonlyMap<string, string[]>): void {
    const text = [...found].map(([site, names]) => `${site} (${names.join(', ')})`).join('; ');
    if (text !== '' && text !== doubles)
      log.warn(`polled here and by a collector: ${text}; say "collector: remote" in the site's file`);
    doubles = text;
  }

  async function watch(): Promise<void> {
    await meet().catch((error: unknown) =>
      log.error({ err: error }, 'the tokens of collectors cannot be read'),
    );
    const now = clock.now();
    const settled = clock.monotonic() - startedAt > silentAfterMs;
    const context = { model, members: remoteCollectors.members(), local, settled, now };
    pipeline.accept(collectorReadings(context));
    warnOfDoubles(polledTwice(context));
  }

  await repository.forget(clock.now() - forgetAfterMs);
  await meet();
  const ingest = createIngest({
    model,
    clock,
    log,
    remoteCollectors,
    append,
    storeEvents: options.storeEvents,
    ledger: createLedger(repository),
    show: pipeline.show,
  });
  const watching = repeat(clock, { everyMs: watchEveryMs }, watch);
  return { ingest, remoteCollectors, close: () => watching.close() };
}
