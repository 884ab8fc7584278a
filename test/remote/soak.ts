import { setTimeout as sleep } from 'node:timers/promises';
import { gaps, remoteEstate } from './estate.ts';

/**
 * Kills server and collector at random and breaks the way between them (`SOAK_KILLS` times, 100), then counts what the store holds.
 * Exits 1 when something that had been kept is missing, or anything is there twice.
 */
const kills = Number(process.env['SOAK_KILLS'] ?? 100);
/** Numbers that were handed over in the second before a kill -9 of the collector. */
const lastSecond = 11;
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const between = (leastMs: number, mostMs: number): Promise<void> =>
  sleep(leastMs + Math.random() * (mostMs - leastMs));

const estate = await remoteEstate();
try {
  let server = await estate.startServer();
  let feeder = await estate.startFeeder();
  const feederKilledAt: number[] = [];
  for (let kill = 1; kill <= kills; kill += 1) {
    await between(300, 4_000);
    const what = Math.random();
    if (what < 0.4) {
      await server.kill();
      await between(0, 3_000);
      server = await estate.startServer();
    } else if (what < 0.75) {
      await feeder.kill();
      feederKilledAt.push(estate.fed());
      feeder = await estate.startFeeder();
    } else {
      estate.proxy.set(what < 0.87 ? 'swallow' : 'refuse');
      await between(300, 3_000);
      estate.proxy.set('through');
    }
    if (kill % 10 === 0) print(`${kill} of ${kills}, ${estate.fed()} numbers`);
  }
  const from = Date.now();
  for (let done = false; !done; await sleep(500)) {
    const { spool, lastContactAt } = await estate.collector();
    done = Date.parse(lastContactAt ?? '') > from && spool?.readings === 0;
  }
  await feeder.stop();
  await server.stop();
  const stored = await estate.stored();
  let missing = 0;
  let excused = 0;
  let repeated = 0;
  for (const values of stored.values()) {
    const found = gaps(values, estate.fed());
    const inLastSecond = found.missing.filter((number) =>
      feederKilledAt.some((end) => number <= end && number > end - lastSecond),
    );
    excused += inLastSecond.length;
    missing += found.missing.length - inLastSecond.length;
    repeated += found.repeated;
  }
  print(
    `${kills} faults, ${feederKilledAt.length} kills of the collector; ${stored.size} points × ${estate.fed()} numbers: ${missing} missing, ${repeated} twice; ${excused} of the last second before a kill`,
  );
  process.exitCode = missing === 0 && repeated === 0 && stored.size > 0 ? 0 : 1;
} finally {
  await estate.close();
}
