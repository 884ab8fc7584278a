import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { z } from 'zod';
import { systemClock } from '../../core/clock.ts';
import { modbusDriver } from '../../collectors/drivers/modbus/driver.ts';
import { createDevicePoller } from '../../collectors/poller/poller.ts';
import { isUsable } from '../../core/reading.ts';
import { adHocDevice } from '../../config/build/points.ts';
import type { Device } from '../../config/model.ts';
import { profileSchema } from '../../config/schema/profile.ts';
import { createReport } from '../figures.ts';
import { percentile } from '../percentile.ts';
import { cpuSeconds, residentMb } from '../process.ts';
import { createWholePolls } from './whole-polls.ts';

/**
 * The whole path of a collector (poll, decode, reading) over Modbus TCP: 300 gateways of 100 registers every second, the
 * servers in a process of their own (counted apart), 30 s of warm-up, 60 s counted. Prints every figure; asserts none.
 */
const gateways = 300;
const registers = 100;
const warmUpMs = 30_000;
const countedMs = 60_000;

const profile = {
  ...profileSchema.parse({
    protocol: 'modbus',
    kind: 'meter',
    maker: 'none',
    model: 'bench',
    source: 'made up',
    points: Array.from({ length: registers }, (_, address) => ({
      quantity: `register-${address}`,
      unit: 'V',
      address,
      scale: 0.1,
      sentinels: { '65535': 'no-value' },
    })),
  }),
  name: 'meter/bench',
};

const { note, figure, end } = createReport();

const servers = spawn(
  process.execPath,
  [fileURLToPath(new URL('modbus-servers.js', import.meta.url)), String(gateways)],
  { stdio: ['pipe', 'pipe', 'inherit'] },
);
const serversPid = servers.pid;
if (serversPid === undefined) throw new Error('the servers did not start');
const [line] = z.tuple([z.string()]).parse(await once(createInterface(servers.stdout), 'line'));
const ports = z.array(z.int()).parse(JSON.parse(line));

let values = 0;
let bad = 0;
const driver = modbusDriver();
const wholePolls = ports.map(createWholePolls);
const pollers = ports.map((port, index) => {
  const address = { protocol: 'modbus', host: '127.0.0.1', port, unit: 1 } as const;
  const device: Device = { ...adHocDevice(profile, address), key: `bench/gateway-${index}` };
  // Reports once a poll, also of one that failed.
  const poller = createDevicePoller(device, driver, {
    clock: systemClock,
    log: pino({ level: 'silent' }),
    random: Math.random,
    sink(readings) {
      let usable = 0;
      for (const { point, quality } of readings) {
        if (point === device.link.index) continue;
        if (isUsable(quality)) usable += 1;
        else bad += 1;
      }
      values += usable;
      wholePolls[index]?.ended(poller.diagnostics().polls, usable);
    },
  });
  return poller;
});
const counted = (): { polls: number; timeouts: number; late: number; skipped: number } => {
  const total = { polls: 0, timeouts: 0, late: 0, skipped: 0 };
  for (const poller of pollers) {
    const health = poller.diagnostics();
    total.polls += health.polls;
    total.timeouts += health.timeouts;
    total.late += health.late;
    total.skipped += health.skipped;
  }
  return total;
};

const abort = pollers.map(() => new AbortController());
const running = pollers.map((poller, index) => poller.run((abort[index] ?? new AbortController()).signal));
try {
  await sleep(warmUpMs);
  [values, bad] = [0, 0];
  for (const each of wholePolls) each.begin();
  const before = {
    ...counted(),
    own: cpuSeconds(process.pid),
    servers: cpuSeconds(serversPid),
    at: Date.now(),
  };
  const latencies: number[] = [];
  let peakMb = 0;
  while (Date.now() - before.at < countedMs) {
    await sleep(1_000);
    peakMb = Math.max(peakMb, residentMb(process.pid));
    for (const poller of pollers) latencies.push(poller.diagnostics().latencyMs ?? Number.NaN);
  }
  const seconds = (Date.now() - before.at) / 1_000;
  const own = cpuSeconds(process.pid) - before.own;
  const after = counted();
  const whole = wholePolls.map((each) => each.end());
  const sum = (of: 'polls' | 'values'): number => whole.reduce((total, each) => total + each[of], 0);
  const polls = after.polls - before.polls;
  note(
    `${gateways} gateways of ${registers} registers, every second; ${seconds.toFixed(1)} s counted, ${polls} polls`,
  );
  figure('values per second', values / seconds, '1/s', { aim: { atLeast: 0.99 * gateways * registers } });
  figure('CPU per 100,000 values', (own / values) * 100_000, 's', { digits: 3 });
  figure('CPU', (own / seconds) * 100, '% of a core', { digits: 1 });
  figure('memory at peak', peakMb, 'MB');
  const theirs = cpuSeconds(serversPid) - before.servers;
  figure('servers, counted apart', (theirs / seconds) * 100, '% of a core', { digits: 1 });
  figure('answer after, p50', percentile(latencies, 0.5), 'ms', { digits: 1 });
  figure('answer after, p99', percentile(latencies, 0.99), 'ms', { digits: 1 });
  note(`of ${sum('polls')} polls that began and ended meanwhile:`);
  figure('values lost', sum('polls') * registers - sum('values'), '', { aim: { atMost: 0 } });
  figure('values bad', bad, '', { aim: { atMost: 0 } });
  figure('polls, timeouts', after.timeouts - before.timeouts, '');
  figure('polls, late', after.late - before.late, '');
  figure('polls, skipped', after.skipped - before.skipped, '', { aim: { atMost: 0 } });
} finally {
  for (const each of abort) each.abort();
  await Promise.all(running);
  servers.stdin.end();
  await once(servers, 'exit');
}
end();
