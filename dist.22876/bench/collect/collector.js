import { pino } from 'pino';
import { systemClock } from "../../core/clock.js";
import { createCollectors } from "../../collectors/create.js";
import { stableHash } from "../../collectors/poller/poller.js";
import { isUsable } from "../../core/reading.js";
import { devicePoints, pointList } from "../../config/build/points.js";
import { loadConfig } from "../../config/load.js";
import { profileSchema } from "../../config/schema/profile.js";
import { percentile } from "../percentile.js";
import { agentCount, agentOid, firstPort, valuesPerAgent } from "./field.js";
const intervalMs = Number(process.argv[2]);
const sickShare = process.argv.includes('sick') ? 3 : 0;
const profile = {
    ...profileSchema.parse({
        protocol: 'snmp', kind: 'meter', maker: 'bench', model: 'bench', source: 'made for the bench',
        points: Array.from({ length: valuesPerAgent }, (_, i) => ({ quantity: `q${i}`, unit: 'V', scale: 0.1, oid: agentOid(i) })),
    }),
    name: 'meter/bench',
}; // prettier-ignore
const loaded = loadConfig(process.env['PANTAU_CONFIG'] ?? './config');
if (!loaded.ok)
    throw new Error('the configuration is broken: pantau check-config');
const list = pointList();
const every = { safety: intervalMs, power: intervalMs, normal: intervalMs, slow: intervalMs };
const devices = Array.from({ length: agentCount }, (_, index) => {
    const id = `a${index}`;
    const address = { protocol: 'snmp', host: '127.0.0.1', port: firstPort + index, access: { version: '2c', community: 'public' } }; // prettier-ignore
    const place = { key: `b/${id}`, id, site: 'b', kind: 'meter', profile, address, room: 'r', rating: {}, interval: 'normal' }; // prettier-ignore
    return devicePoints(list, place, { entry: {}, claims: [], intervalsMs: every });
});
const deviceOf = new Int32Array(list.points.length).fill(-1);
for (const [index, { points }] of devices.entries())
    for (const point of points)
        deviceOf[point.index] = index;
const phases = devices.map(({ key }) => stableHash(`${key} ${intervalMs}`) % intervalMs);
let good = 0;
let lateness = [];
const collectors = createCollectors({
    model: { ...loaded.model, devices, points: list.points },
    clock: systemClock,
    log: pino({ level: 'silent' }),
    sink(readings) {
        // What the collectors report about themselves is no value of the field.
        const values = readings.filter(({ point }) => (deviceOf[point] ?? -1) >= 0);
        for (const { quality } of values)
            if (isUsable(quality))
                good += 1;
        const first = values[0];
        const device = deviceOf[first?.point ?? -1] ?? -1;
        if (first !== undefined && device >= 0 && device % 10 >= sickShare)
            lateness.push((first.at - (phases[device] ?? 0)) % intervalMs);
    },
});
function report() {
    const health = collectors.diagnostics().filter((_, index) => index % 10 >= sickShare);
    const sum = (pick) => health.reduce((total, each) => total + pick(each), 0);
    const figures = {
        good,
        polls: sum((each) => each.polls),
        timeouts: sum((each) => each.timeouts),
        late: sum((each) => each.late),
        skipped: sum((each) => each.skipped),
        latenessP50: percentile(lateness, 0.5),
        latenessP99: percentile(lateness, 0.99),
    };
    lateness = [];
    return figures;
}
collectors.start();
process.on('message', () => process.send?.(report()));
process.on('SIGTERM', () => void collectors.stop().then(() => process.exit(0)));
process.send?.(report());
//# sourceMappingURL=collector.js.map