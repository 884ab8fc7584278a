import { setTimeout as sleep } from 'node:timers/promises';
import { createReport } from "../figures.js";
import { cpuSeconds, residentMb } from "../process.js";
import { startPart } from "./child.js";
import { isCollectdInstalled, startCollectd } from "./collectd.js";
import { agentCount, valuesPerAgent } from "./field.js";
const warmUpMs = 30_000;
const countedMs = 60_000;
const report = createReport();
/** CPU and memory of a process over the counted time. */
async function count(pid) {
    const before = { cpu: cpuSeconds(pid), at: Date.now() };
    let peakMb = 0;
    while (Date.now() - before.at < countedMs) {
        await sleep(1_000);
        peakMb = Math.max(peakMb, residentMb(pid));
    }
    return { cpuSeconds: cpuSeconds(pid) - before.cpu, peakMb, seconds: (Date.now() - before.at) / 1_000 };
}
function perHundredThousand(counted, values) {
    return (counted.cpuSeconds / values) * 100_000;
}
/** SNMP collecting at these intervals, then with three devices in ten dead or slow. Each figure beside its aim. */
export async function benchSnmp() {
    report.note(`SNMP: ${agentCount} agents of ${valuesPerAgent} values, in a process of their own, counted apart`);
    for (const intervalMs of [1_000, 10_000]) {
        const agents = await startPart('./agents.js', []);
        try {
            const own = await ours(intervalMs, false);
            if (isCollectdInstalled) {
                const reference = await theirs(intervalMs, agents);
                report.figure(`every ${intervalMs / 1_000} s: CPU against collectd`, own / reference, 'times', {
                    digits: 2,
                    ...(intervalMs === 1_000 ? { aim: { atMost: 1 } } : {}),
                });
            }
            else
                report.note('  collectd                is not installed: apt-get install collectd libsnmp40');
        }
        finally {
            await agents.stop();
        }
    }
    const agents = await startPart('./agents.js', ['sick']);
    try {
        await ours(1_000, true);
    }
    finally {
        await agents.stop();
    }
    report.end();
}
/** CPU seconds for 100,000 values. */
async function ours(intervalMs, sick) {
    report.note(sick
        ? `every ${intervalMs / 1_000} s, 15 % of the devices dead, 15 % slow (2 s); the others:`
        : `every ${intervalMs / 1_000} s`);
    const collector = await startPart('./collector.js', [
        String(intervalMs),
        ...(sick ? ['sick'] : []),
    ]);
    try {
        await sleep(warmUpMs);
        const before = await collector.report();
        const counted = await count(collector.pid);
        const after = await collector.report();
        const values = after.good - before.good;
        const name = (what) => `every ${intervalMs / 1_000} s${sick ? ', many sick' : ''}: ${what}`;
        const cpu = perHundredThousand(counted, values);
        report.figure(name('values per second'), values / counted.seconds, '1/s');
        report.figure(name('CPU per 100,000 values'), cpu, 's', { digits: 3 });
        report.figure(name('memory at peak'), counted.peakMb, 'MB', { aim: { atMost: 300 } });
        report.note(`  polls                   ${after.polls - before.polls}`);
        for (const key of ['timeouts', 'late', 'skipped'])
            report.figure(name(`polls, ${key}`), after[key] - before[key], '', sick ? {} : { aim: { atMost: 0 } });
        report.figure(name('due to reading, p50'), after.latenessP50, 'ms');
        report.figure(name('due to reading, p99'), after.latenessP99, 'ms', sick ? { aim: { atMost: 1_000 } } : {});
        return cpu;
    }
    finally {
        await collector.stop();
    }
}
async function theirs(intervalMs, agents) {
    const collectd = await startCollectd(intervalMs);
    try {
        await sleep(warmUpMs);
        const before = await agents.report();
        const counted = await count(collectd.pid);
        const values = ((await agents.report()).served - before.served) * valuesPerAgent;
        const name = (what) => `every ${intervalMs / 1_000} s, collectd: ${what}`;
        const cpu = perHundredThousand(counted, values);
        report.figure(name('values per second'), values / counted.seconds, '1/s');
        report.figure(name('CPU per 100,000 values'), cpu, 's', { digits: 3 });
        report.figure(name('memory at peak'), counted.peakMb, 'MB');
        return cpu;
    }
    finally {
        await collectd.stop();
    }
}
//# sourceMappingURL=snmp.js.map