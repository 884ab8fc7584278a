import type { Logger } from 'pino';
import { dayMs } from '../../../core/wib.ts';
import { InfluxError, textOf, type InfluxClient, type RetentionPolicy } from './client.ts';
import { legacyPolicy, measurement, policies, quoteName, type PolicyName } from './names.ts';
import type { Range } from '../historian.ts';
import type { Retention } from '../tiers.ts';

const hourMs = 3_600_000;

/** A shard is dropped whole: the shorter, the closer to the retention; the longer, the fewer files a query over years opens. */
const shardMs: Retention = {
  raw: dayMs,
  '1m': 7 * dayMs,
  '1h': 28 * dayMs,
  '1d': 364 * dayMs,
  pinned: 28 * dayMs,
};

/** What the database offers. */
export interface Layout {
  /** False: the user may not make the policies, or the server has none. Everything is then in the default one, as raw readings. */
  readonly hasPolicies: boolean;
  /** From the first to the last reading that a version before the policies wrote; undefined: none. */
  readonly legacy: Range | undefined;
}

/**
 * Makes the database and its policies where the server permits. Rejects when the server cannot be reached, and never because it
 * says no: the log then tells an administrator what to run.
 */
export async function prepareLayout(options: {
  readonly client: InfluxClient;
  readonly database: string;
  readonly retention: Retention;
  readonly log: Logger;
}): Promise<Layout> {
  const { client, database, retention, log } = options;
  const refused = await refusalOf(client.createDatabase());
  const found = await existing(client);
  if (found === undefined) {
    log.warn({ reason: refused, database }, 'InfluxDB: the retention policies cannot be read; going on with readings only');
    return { hasPolicies: false, legacy: undefined };
  } // prettier-ignore
  for (const name of Object.values(policies)) {
    const statement = statementFor(name, found, database, retention);
    if (statement === undefined) continue;
    const reason = await refusalOf(client.execute(statement));
    if (reason !== undefined) log.warn({ reason, run: statement }, 'InfluxDB: a retention policy differs; an administrator can run the statement');
  } // prettier-ignore
  const names = new Set((await existing(client))?.map(({ name }) => name));
  const hasPolicies = Object.values(policies).every((name) => names.has(name));
  if (!hasPolicies) log.warn({ database }, 'InfluxDB: without the retention policies only readings are kept, in the default policy');
  const legacy = hasPolicies && names.has(legacyPolicy) ? await legacyRange(client) : undefined;
  return { hasPolicies, legacy };
} // prettier-ignore

async function existing(client: InfluxClient): Promise<RetentionPolicy[] | undefined> {
  try {
    return await client.policies();
  } catch (error) {
    if (error instanceof InfluxError && error.status !== 401) return undefined;
    throw error;
  }
}

/** Undefined when the server did it. */
async function refusalOf(doing: Promise<void>): Promise<string | undefined> {
  try {
    await doing;
    return undefined;
  } catch (error) {
    // With a wrong password nothing can be known: it is asked again.
    if (error instanceof InfluxError && error.status !== 401) return textOf(error);
    throw error;
  }
}

function statementFor(
  name: PolicyName,
  found: readonly RetentionPolicy[],
  database: string,
  retention: Retention,
): string | undefined {
  const hours = Math.max(1, Math.ceil(retention[name] / hourMs));
  const durationMs = Number.isFinite(hours) ? hours * hourMs : 0;
  const isDefault = name === 'raw';
  const present = found.find((policy) => policy.name === name);
  if (present?.durationMs === durationMs && (!isDefault || present.isDefault)) return undefined;
  const shard = Math.max(1, Math.min(shardMs[name] / hourMs, hours));
  return (
    `${present === undefined ? 'CREATE' : 'ALTER'} RETENTION POLICY ${quoteName(name)} ON ${quoteName(database)}` +
    ` DURATION ${durationMs === 0 ? 'INF' : `${hours}h`} REPLICATION 1 SHARD DURATION ${shard}h` +
    (isDefault ? ' DEFAULT' : '')
  );
}

async function legacyRange(client: InfluxClient): Promise<Range | undefined> {
  const edge = async (order: 'ASC' | 'DESC'): Promise<number | undefined> => {
    const [series] = await client.query(
      `SELECT "quality" FROM ${quoteName(legacyPolicy)}.${quoteName(measurement)} ORDER BY time ${order} LIMIT 1`,
    );
    const at = series?.values[0]?.[0];
    return typeof at === 'number' ? at : undefined;
  };
  const [from, to] = [await edge('ASC'), await edge('DESC')];
  return from === undefined || to === undefined ? undefined : { from, to: to + 1 };
}
