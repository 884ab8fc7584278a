import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { pino } from 'pino';
import { systemClock } from "../core/clock.js";
import { createTeardown } from "../core/teardown.js";
import { openHistory } from "../server/historian/open.js";
import { createReport } from "./figures.js";
import { cpuSeconds, residentMb } from "./process.js";
/**
 * InfluxDB away while the whole estate is read (4,946 readings/s), then back: what the way to the historian costs meanwhile, and whether everything
 * arrives. In InfluxDB's place stands a server that counts lines. Prints each figure beside its aim; asserts none.
 */
const perSecond = 4_946;
const points = 43_000;
const outageS = Number(process.env['BENCH_SECONDS'] ?? 120);
const tickMs = 100;
const log = pino({ level: 'error' });
const { note, figure, end: endReport } = createReport();
const folder = mkdtempSync(join(tmpdir(), 'pantau-outage-bench-'));
const names = Array.from({ length: points }, (_, i) => `drc/device-${Math.floor(i / 12)}/quantity-${i % 12}`);
const values = names.map((_, i) => 20 + (i % 7));
let lines = 0;
const sink = createServer((request, response) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
        if (request.url?.startsWith('/write') === true)
            lines += gunzipSync(Buffer.concat(parts)).toString().split('\n').length;
        response.statusCode = request.url?.startsWith('/write') === true ? 204 : 200;
        response.end(response.statusCode === 204 ? '' : '{"results":[]}');
    });
});
const port = 8_394;
const teardown = createTeardown(log);
const { writer } = await openHistory({ dataDir: folder, influxUrl: `http://127.0.0.1:${port}/bench`, clock: systemClock, log }, teardown);
let pushed = 0;
let next = 0;
const feeding = setInterval(() => {
    const at = Date.now();
    const count = Math.round((perSecond * tickMs) / 1_000);
    writer.push(Array.from({ length: count }, () => {
        next = (next + 1) % points;
        const value = Math.round(((values[next] ?? 0) + (Math.random() - 0.5) * 0.1) * 100) / 100;
        values[next] = value;
        return { point: names[next] ?? '', at, value, quality: 0 };
    }));
    pushed += count;
}, tickMs);
const delay = monitorEventLoopDelay({ resolution: 5 });
async function measure(what, until) {
    delay.reset();
    delay.enable();
    const begun = { at: Date.now(), cpu: cpuSeconds(process.pid) };
    let peakMb = 0;
    while (!until()) {
        await sleep(250);
        peakMb = Math.max(peakMb, residentMb(process.pid));
    }
    const seconds = (Date.now() - begun.at) / 1_000;
    const cpu = (cpuSeconds(process.pid) - begun.cpu) / seconds;
    delay.disable();
    figure(`${what}: time`, seconds, 's');
    figure(`${what}: CPU`, cpu * 100, '% of a core');
    figure(`${what}: memory at peak`, peakMb, 'MB');
    figure(`${what}: event loop late, p99`, delay.percentile(99) / 1e6, 'ms');
    figure(`${what}: event loop late, worst`, delay.max / 1e6, 'ms');
}
try {
    const end = Date.now() + outageS * 1_000;
    await measure('InfluxDB away', () => Date.now() >= end);
    note(`  ${writer.problem()}`);
    figure('readings dropped', writer.stats().dropped, '', { aim: { atMost: 0 } });
    sink.listen(port, '127.0.0.1');
    await measure('InfluxDB back', () => writer.stats().buffered < perSecond);
    clearInterval(feeding);
    await sleep(2_000);
    await teardown.run();
    note(`  ${pushed} readings were pushed; a line that is repeated is stored once`);
    figure('readings arrived', lines, '', { aim: { atLeast: pushed } });
    endReport();
}
finally {
    clearInterval(feeding);
    sink.closeAllConnections();
    sink.close();
    rmSync(folder, { recursive: true, force: true });
}
//# sourceMappingURL=outage.js.map