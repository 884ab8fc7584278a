import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { systemClock } from "../../core/clock.js";
import { createMqttCollector } from "../../collectors/drivers/mqtt/collector.js";
import { adHocDevice, devicePoints, pointList } from "../../config/build/points.js";
import { profileSchema } from "../../config/schema/profile.js";
import { createReport } from "../figures.js";
import { cpuSeconds, residentMb } from "../process.js";
import { topicOf } from "./mqtt-messages.js";
/**
 * The whole path of a collector over MQTT: 1,000 devices that together send 20,000 JSON messages of six values a second
 * through Debian's mosquitto, publisher and broker in processes of their own (counted apart), 30 s of warm-up, 60 s
 * counted. Every device numbers its messages: what is missing is lost. BENCH_QOS=1 asks for an acknowledgement of each.
 */
const deviceCount = 1_000;
const rate = 20_000;
const warmUpMs = 30_000;
const countedMs = 60_000;
const port = 18_893;
const qos = process.env['BENCH_QOS'] === '1' ? 1 : 0;
const quantities = { temperature: '°C', humidity: '%RH', battery: '%', voltage: 'V', linkquality: 'count', sequence: 'count' }; // prettier-ignore
const profile = {
    ...profileSchema.parse({
        protocol: 'mqtt',
        kind: 'env',
        maker: 'none',
        model: 'bench',
        source: 'made up',
        silentAfter: '60s',
        points: Object.entries(quantities).map(([quantity, unit]) => ({ quantity, unit, pointer: `/${quantity}` })), // prettier-ignore
    }),
    name: 'env/bench',
};
const { note, figure, end } = createReport();
const folder = mkdtempSync(join(tmpdir(), 'pantau-bench-'));
writeFileSync(join(folder, 'broker.conf'), `listener ${port} 127.0.0.1\nallow_anonymous true\n`);
const broker = spawn('/usr/sbin/mosquitto', ['-c', join(folder, 'broker.conf')], { stdio: 'ignore' });
await once(broker, 'spawn');
/** Sequence numbers by the index of the device's point, and what is known of them. */
const lastOf = new Map();
let received = 0;
let values = 0;
let missing = 0;
function take(readings) {
    values += readings.length;
    for (const { point, value } of readings) {
        const last = lastOf.get(point);
        if (last === undefined)
            continue;
        received += 1;
        if (last >= 0)
            missing += value - last - 1;
        lastOf.set(point, value);
    }
}
const address = { key: 'bench/main', url: `mqtt://127.0.0.1:${port}` };
const points = pointList();
const intervalsMs = { safety: 1_000, power: 1_000, normal: 1_000, slow: 1_000 };
const devices = Array.from({ length: deviceCount }, (_, index) => {
    const place = { protocol: 'mqtt', broker: address, topic: topicOf(index) };
    const alone = { ...adHocDevice(profile, place), key: `bench/device-${index}` };
    return devicePoints(points, alone, { entry: {}, claims: [], intervalsMs });
});
for (const device of devices)
    for (const point of device.points)
        if (point.quantity === 'sequence')
            lastOf.set(point.index, -1);
const collector = createMqttCollector({
    devices,
    clock: systemClock,
    sink: take,
    log: pino({ level: 'warn' }),
    zone: 'Asia/Jakarta',
});
collector.start();
await sleep(2_000);
const publisher = spawn(process.execPath, [
    fileURLToPath(new URL('mqtt-publisher.js', import.meta.url)),
    ...[port, deviceCount, rate, qos].map(String),
], { stdio: ['pipe', 'pipe', 'inherit'] });
await once(publisher, 'spawn');
const others = { publisher: publisher.pid ?? 0, broker: broker.pid ?? 0 };
try {
    await sleep(warmUpMs);
    const usage = () => ({
        at: Date.now(),
        received,
        values,
        own: cpuSeconds(process.pid),
        publisher: cpuSeconds(others.publisher),
        broker: cpuSeconds(others.broker),
    });
    const before = usage();
    let peakMb = 0;
    while (Date.now() - before.at < countedMs) {
        await sleep(1_000);
        peakMb = Math.max(peakMb, residentMb(process.pid));
    }
    const after = usage();
    const seconds = (after.at - before.at) / 1_000;
    const messages = after.received - before.received;
    const own = after.own - before.own;
    const share = (cpu) => (cpu / seconds) * 100;
    const lines = createInterface(publisher.stdout);
    publisher.stdin.end();
    const [sent] = await once(lines, 'line');
    await sleep(2_000);
    note(`${deviceCount} devices, QoS ${qos}; ${seconds.toFixed(1)} s counted; sent ${sent}, received ${received}`);
    figure('messages per second', messages / seconds, '1/s', { aim: { atLeast: 20_000 } });
    figure('values per second', (after.values - before.values) / seconds, '1/s');
    figure('CPU per 100,000 messages', (own / messages) * 100_000, 's', { digits: 3 });
    figure('CPU', share(own), '% of a core', { digits: 1 });
    figure('memory at peak', peakMb, 'MB');
    figure('publisher, counted apart', share(after.publisher - before.publisher), '% of a core', { digits: 1 });
    figure('broker, counted apart', share(after.broker - before.broker), '% of a core', { digits: 1 });
    figure('messages lost', missing, '', { aim: { atMost: 0 } });
    const sampled = collector.diagnostics().reduce((sum, { skipped }) => sum + skipped, 0);
    figure('too many for their device', sampled, '');
}
finally {
    await collector.stop();
    publisher.kill('SIGTERM');
    broker.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
}
end();
//# sourceMappingURL=mqtt.js.map