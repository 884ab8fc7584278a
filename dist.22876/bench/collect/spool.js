import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { systemClock } from "../../core/clock.js";
import { good } from "../../core/reading.js";
import { createIngestClient } from "../../collectors/remote/client.js";
import { createDelivery } from "../../collectors/remote/delivery.js";
import { createDiskBuffer } from "../../core/buffer/disk.js";
import { openBatchFile } from "../../core/buffer/file.js";
import { loadConfig } from "../../config/load.js";
import { createToken } from "../../server/auth/tokens.js";
import { openDatabase } from "../../server/db/database.js";
import { openEmbeddedHistorian } from "../../server/historian/embedded/embedded.js";
import { createReport } from "../figures.js";
import { percentile } from "../percentile.js";
import { cpuSeconds, residentMb } from "../process.js";
/**
 * A day's outage of a site of 1,000 points at 10 s, spooled as it comes, then delivered to a real server while the same points go on live:
 * prints room on disk, time, latency of the live ones and what the store then holds, each beside its aim; asserts none.
 */
const pointCount = 1_000;
const intervalMs = 10_000;
const hours = Number(process.env['BENCH_HOURS'] ?? 24);
const outageMs = hours * 3_600_000;
const perSecond = (pointCount * 1_000) / intervalMs;
const baselineMs = 30_000;
const port = 8_393;
const limitBytes = 2_000_000_000;
const log = pino({ level: 'warn' });
const { note, figure, end } = createReport();
const folder = mkdtempSync(join(tmpdir(), 'pantau-spool-bench-'));
const dataDir = join(folder, 'data');
const command = fileURLToPath(new URL('../../cli/main.js', import.meta.url));
const loaded = loadConfig(process.env['PANTAU_CONFIG'] ?? './config');
if (!loaded.ok)
    throw new Error('the configuration is broken: pantau check-config');
const { model } = loaded;
const points = model.points
    .filter(({ site, source }) => site === 'drc' && source.from === 'device')
    .slice(0, pointCount);
/** A value that wanders by hundredths, as sensors do. */
const values = points.map((_, index) => 20 + (index % 7));
function readingOf(point, place, at) {
    const value = Math.round(((values[place] ?? 0) + (Math.random() - 0.5) * 0.1) * 100) / 100;
    values[place] = value;
    return { point: point.id, at, value, quality: good };
}
/** A second's worth: every tenth of the points in turn, each with a phase of its own. */
function second(startMs) {
    const turn = (Math.floor(startMs / 1_000) % (intervalMs / 1_000)) * perSecond;
    return points
        .slice(turn, turn + perSecond)
        .map((point, index) => readingOf(point, turn + index, startMs + ((turn + index) * 7) % 1_000));
} // prettier-ignore
function openIn(name) {
    mkdirSync(join(folder, name));
    return openBatchFile({ path: join(folder, name, 'spool.db'), limitBytes });
}
function startLive(spool, token) {
    const latencies = [];
    const client = createIngestClient({ url: `http://127.0.0.1:${port}`, token, now: Date.now });
    const watched = {
        async post(message, signal) {
            const outcome = await client.post(message, signal);
            if (outcome.kind === 'done' && message.batch?.live === true)
                for (const at of message.batch.at)
                    if (message.sentAt - at < 5_000)
                        latencies.push(outcome.answer.receivedAt - at);
            return outcome;
        },
    };
    const delivery = createDelivery({
        model,
        clock: systemClock,
        log,
        random: Math.random,
        client: watched,
        buffer: createDiskBuffer({ file: spool, log }),
        run: randomBytes(12).toString('hex'),
        about: { version: '0', sites: ['drc'] },
        limitBytes,
        diagnostics: () => [],
    });
    let next = 0;
    // A tenth of a second's worth at a time, with the time it is.
    const feeding = setInterval(() => {
        const share = Math.floor(perSecond / 10);
        const now = Date.now();
        delivery.sink(Array.from({ length: share }, (_, index) => {
            const place = (next + index) % points.length;
            const { point, ...rest } = readingOf(points[place] ?? points[0] ?? fail(), place, now);
            return { ...rest, point: model.pointById.get(point)?.index ?? fail() };
        }));
        next = (next + share) % points.length;
    }, 100);
    return {
        latencies,
        delivery,
        async stop() {
            clearInterval(feeding);
            await delivery.stop();
        },
    };
}
function fail() {
    throw new Error('the configuration has too few points');
}
function latency(name, latencies, aim) {
    figure(`${name}, p50`, percentile(latencies, 0.5), 'ms');
    figure(`${name}, p99`, percentile(latencies, 0.99), 'ms', aim === undefined ? {} : { aim });
    figure(`${name}, worst`, percentile(latencies, 1), 'ms');
    note(`  of ${latencies.length}`);
}
// The outage ends before anything else is sent.
const from = Math.floor(Date.now() / 1_000) * 1_000 - outageMs;
const db = await openDatabase(join(dataDir, 'operations.db'));
const means = { now: Date.now(), randomBytes };
const token = await createToken(db, { name: 'far', role: 'collector', sites: ['drc'] }, means);
await db.destroy();
const server = spawn(process.execPath, [command, 'serve', '--no-collectors'], {
    env: { ...process.env, PANTAU_PORT: String(port), PANTAU_DATA: dataDir, PANTAU_LOG: 'warn', PANTAU_ADMIN_PASSWORD: 'bench-only-password' },
    stdio: ['ignore', 'ignore', 'inherit'],
}); // prettier-ignore
const pid = server.pid ?? fail();
try {
    while (!(await fetch(`http://127.0.0.1:${port}/api/v1/health`).then(({ ok }) => ok, () => false)))
        await sleep(50); // prettier-ignore
    const baseline = startLive(openIn('baseline'), token);
    await baseline.delivery.start();
    await sleep(5_000);
    baseline.latencies.length = 0;
    await sleep(baselineMs);
    await baseline.stop();
    latency('live alone, sample to server', baseline.latencies);
    const spool = openIn('outage');
    const filling = Date.now();
    for (let at = from; at < from + outageMs; at += 1_000)
        spool.put(second(at));
    const kept = spool.state();
    note(`spool of ${hours} h, ${kept.readings} readings`);
    figure('spool on disk', kept.bytes / 1e6, 'MB', { digits: 1 });
    figure('spool, bytes per reading', kept.bytes / kept.readings, 'B', { digits: 2 });
    figure('spool written in', (Date.now() - filling) / 1_000, 's');
    const before = { at: Date.now(), cpu: cpuSeconds(pid) };
    const live = startLive(spool, token);
    await live.delivery.start();
    let peakMb = 0;
    while (spool.state().readings > perSecond) {
        await sleep(250);
        peakMb = Math.max(peakMb, residentMb(pid));
    }
    const seconds = (Date.now() - before.at) / 1_000;
    const cpu = cpuSeconds(pid) - before.cpu;
    // A quarter of a second more than alone, at most.
    latency('live while it is delivered', live.latencies, {
        atMost: percentile(baseline.latencies, 0.99) + 250,
    });
    figure('delivered in', seconds, 's', { aim: { atMost: 600 } });
    figure('delivered per second', kept.readings / seconds, '1/s');
    figure('server meanwhile', (cpu / seconds) * 100, '% of a core');
    figure('server meanwhile, memory at peak', peakMb, 'MB');
    await live.stop();
    server.kill('SIGTERM');
    await once(server, 'exit');
    const historian = await openEmbeddedHistorian({ path: join(dataDir, 'readings.db'), log });
    let stored = 0;
    let wrong = 0;
    for (const point of points) {
        const samples = await historian.raw(point.id, { from, to: from + outageMs }, 10_000_000);
        stored += samples.length;
        if (samples.length !== outageMs / intervalMs)
            wrong += 1;
    }
    await historian.close();
    figure('in the store of that day', stored, 'readings', { aim: { atLeast: kept.readings } });
    figure(`points with more or fewer than ${outageMs / intervalMs}`, wrong, '', { aim: { atMost: 0 } });
    end();
}
finally {
    server.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
}
//# sourceMappingURL=spool.js.map