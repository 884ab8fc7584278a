import { nearestName } from '../core/names.ts';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { systemClock } from '../core/clock.ts';
import { createCollectors } from '../collectors/create.ts';
import { watchLoop } from '../collectors/diagnostics/tally.ts';
import { createIngestClient, type Outcome } from '../collectors/remote/client.ts';
import { createDelivery } from '../collectors/remote/delivery.ts';
import { startWitness } from '../collectors/remote/witness.ts';
import { openKey } from '../core/log/key.ts';
import { openEventQueue } from '../core/event-queue.ts';
import { collectorGrowthPercent, keepHeapSmall } from '../core/heap.ts';
import { openDiskBuffer } from '../core/buffer/disk.ts';
import { type BatchFile, type FileOptions, openOrReplaceFile } from '../core/buffer/file.ts';
import { BufferLockedError } from '../core/buffer/schema.ts';
import { formatProblem } from '../config/load.ts';
import { loadConfigInThread } from '../config/load-thread.ts';
import { withDevicesOf } from '../config/polled.ts';
import { withSimulatedField } from '../config/simulated.ts';
import { configExitCode } from './check-config.ts';
import { trapPlace, type Environment } from './environment.ts';
import { createLog } from './log.ts';
import type { Closable } from './run.ts';

export interface CollectOptions {
  readonly site: string;
  readonly server: string;
  /** Folder; absent: `spool-SITE` in the data folder. */
  readonly spool?: string;
  readonly spoolBytes: number;
  readonly version: string;
}

/** After sysexits(3): usage, temporary failure, protocol, permission. */
const exit = { usage: 64, locked: 75, protocol: 76, permission: 77, disk: 74 } as const;

/** `pantau collect`: polls one site and delivers to a server elsewhere. Undefined: said why in a line, exit code set. */
export async function collect(
  environment: Environment,
  options: CollectOptions,
): Promise<Closable | undefined> {
  keepHeapSmall(collectorGrowthPercent);
  const log = createLog(environment.PANTAU_LOG);
  const refuse = (code: number, line: string): undefined => {
    process.stderr.write(`${line}\n`);
    process.exitCode = code;
    return undefined;
  };
  const { site, server, version } = options;
  const loaded = await loadConfigInThread(environment.PANTAU_CONFIG);
  if (!loaded.ok) return refuse(configExitCode, loaded.problems.map(formatProblem).join('\n'));
  for (const warning of loaded.warnings) log.warn(warning);
  const sites = loaded.model.sites.map(({ id }) => id);
  if (!sites.includes(site)) return refuse(exit.usage, noSite(site, sites));
  if (!URL.canParse(server) || !/^https?:\/\//.test(server))
    return refuse(
      exit.usage,
      `--server ${server}: expected the server's address, such as http://pantau.example:8080`,
    );
  const token = environment.PANTAU_TOKEN;
  if (token === undefined)
    return refuse(
      exit.permission,
      `PANTAU_TOKEN is not set; make a token on the server: pantau token create ${site}-collector --role collector --site ${site}`,
    );

  const dir = options.spool ?? join(environment.PANTAU_DATA, `spool-${site}`);
  const spool = openIn(dir, options.spoolBytes, log);
  if (!('put' in spool)) return refuse(spool.code, spool.line);

  const model = loaded.model.field === 'simulated'
    ? withSimulatedField(loaded.model, environment.PANTAU_SIMULATOR_PORT)
    : loaded.model; // prettier-ignore
  const delivery = createDelivery({
    model, log,
    clock: systemClock,
    random: Math.random,
    client: createIngestClient({ url: server, token, now: () => systemClock.now() }),
    buffer: openDiskBuffer({ ...fileOptions(dir, options.spoolBytes, log), file: spool }),
    eventQueue: openEventQueue({ path: join(dir, 'events.db'), log, now: () => systemClock.now() }),
    run: randomBytes(12).toString('hex'),
    about: { version, sites: [site] },
    limitBytes: options.spoolBytes,
    diagnostics: () => collectors.diagnostics(),
  }); // prettier-ignore
  const collectors = createCollectors({
    model: withDevicesOf(model, [site]),
    clock: systemClock,
    log,
    sink: delivery.sink,
    events: delivery.events,
    loopDelay: watchLoop(),
    traps: trapPlace(environment, model),
  });
  const witness = startWitness({
    url: server, token, log,
    clock: systemClock,
    path: join(dir, 'witness.json'),
    signer: openKey(join(dir, 'witness-key.pem')),
  }); // prettier-ignore
  const close = async (): Promise<void> => {
    await witness.close();
    await collectors.stop();
    await delivery.stop();
  };
  collectors.start();
  const first = await delivery.start();
  if (first.kind === 'forbidden' || first.kind === 'wrong-place') {
    await close();
    return refuse(first.kind === 'forbidden' ? exit.permission : exit.protocol, remedy(first, options));
  }
  process.stdout.write(
    first.kind === 'done'
      ? `collecting ${site} for ${server}\n`
      : `collecting ${site}; ${server} does not take readings (${first.why}): they are kept in ${dir} until it does\n`,
  );
  return { close };
}

function noSite(site: string, sites: readonly string[]): string {
  const nearest = nearestName(site, sites);
  const hint = nearest === undefined ? `one of ${sites.join(', ')}` : `did you mean "${nearest}"?`;
  return `--site ${site}: the configuration has no such site; ${hint}`;
}

function fileOptions(dir: string, limitBytes: number, log: Logger): FileOptions {
  return { path: join(dir, 'spool.db'), limitBytes, log, now: () => systemClock.now() };
}

function openIn(dir: string, limitBytes: number, log: Logger): BatchFile | { code: number; line: string } {
  try {
    mkdirSync(dir, { recursive: true });
    return openOrReplaceFile(fileOptions(dir, limitBytes, log));
  } catch (error) {
    if (error instanceof BufferLockedError)
      return {
        code: exit.locked,
        line: `the spool ${dir} is in use by another collector; stop that one, or give this one a folder of its own with --spool`,
      };
    const reason = error instanceof Error ? error.message : String(error);
    return {
      code: exit.disk,
      line: `the spool ${dir} cannot be opened: ${reason}; give another folder with --spool`,
    };
  }
}

function remedy(
  outcome: Extract<Outcome, { kind: 'forbidden' | 'wrong-place' }>,
  { server, site }: CollectOptions,
): string {
  return outcome.kind === 'forbidden'
    ? `${server} refuses the token (${outcome.why}); make one there: pantau token create ${site}-collector --role collector --site ${site}`
    : `${server} is no Pantau server (${outcome.why}); is --server right?`;
}
