import { setTimeout as sleep } from 'node:timers/promises';
import { cpuSeconds, residentMb } from '../process.ts';
import { startPart } from './child.ts';
import { isCollectdInstalled, startCollectd } from './collectd.ts';
import type { CollectorReport } from './collector.ts';
import { agentCount, valuesPerAgent, type AgentReport } from './field.ts';

const warmUpMs = 30_000;
const countedMs = 60_000;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

interface Counted {
  readonly cpuSeconds: number;
  readonly peakMb: number;
  readonly seconds: number;
}

/** CPU and memory of a process over the counted time. */
async function count(pid: number): Promise<Counted> {
  const before = { cpu: cpuSeconds(pid), at: Date.now() };
  let peakMb = 0;
  while (Date.now() - before.at < countedMs) {
    await sleep(1_000);
    peakMb = Math.max(peakMb, residentMb(pid));
  }
  return { cpuSeconds: cpuSeconds(pid) - before.cpu, peakMb, seconds: (Date.now() - before.at) / 1_000 };
}

function perHundredThousand(counted: Counted, values: number): string {
  return ((counted.cpuSeconds / values) * 100_000).toFixed(3);
}

/** SNMP collecting at these intervals, then with three devices in ten dead or slow. Each figure beside its aim. */
export async function benchSnmp(): Promise<void> {
  print(`SNMP: ${agentCount} agents of ${valuesPerAgent} values, in a process of their own, counted apart`);
  for (const intervalMs of [1_000, 10_000]) {
    const agents = await startPart<AgentReport>('./agents.js', []);
    try {
      await ours(intervalMs, false);
      if (isCollectdInstalled) await theirs(intervalMs, agents);
      else print('  collectd                is not installed: apt-get install collectd libsnmp40');
    } finally {
      await agents.stop();
    }
  }
  const agents = await startPart<AgentReport>('./agents.js', ['sick']);
  try {
    await ours(1_000, true);
  } finally {
    await agents.stop();
  }
}

async function ours(intervalMs: number, sick: boolean): Promise<void> {
  print(
    sick
      ? `every ${intervalMs / 1_000} s, 15 % of the devices dead, 15 % slow (2 s); the others:`
      : `every ${intervalMs / 1_000} s`,
  );
  const collector = await startPart<CollectorReport>('./collector.js', [
    String(intervalMs),
    ...(sick ? ['sick'] : []),
  ]);
  try {
    await sleep(warmUpMs);
    const before = await collector.report();
    const counted = await count(collector.pid);
    const after = await collector.report();
    const values = after.good - before.good;
    const aim = intervalMs === 1_000 ? 'aim ≤ collectd' : '';
    print(`  values/s                ${(values / counted.seconds).toFixed(0)}`);
    print(`  CPU s per 100,000       ${perHundredThousand(counted, values)}   ${sick ? '' : aim}`);
    print(`  memory, peak            ${counted.peakMb.toFixed(0)} MB   (aim ≤ 300 MB)`);
    print(
      `  polls                   ${after.polls - before.polls}: timeouts ${after.timeouts - before.timeouts}, late ${after.late - before.late}, skipped ${after.skipped - before.skipped}   (aim none)`,
    );
    print(
      `  from due to reading     p50 ${after.latenessP50} ms, p99 ${after.latenessP99} ms   ${sick ? '(aim p99 ≤ 1000 ms)' : ''}`,
    );
  } finally {
    await collector.stop();
  }
}

async function theirs(intervalMs: number, agents: { report(): Promise<AgentReport> }): Promise<void> {
  const collectd = await startCollectd(intervalMs);
  try {
    await sleep(warmUpMs);
    const before = await agents.report();
    const counted = await count(collectd.pid);
    const values = ((await agents.report()).served - before.served) * valuesPerAgent;
    print(`  collectd, values/s      ${(values / counted.seconds).toFixed(0)}`);
    print(`  collectd, CPU per 100,000 ${perHundredThousand(counted, values)}`);
    print(`  collectd, memory        ${counted.peakMb.toFixed(0)} MB`);
  } finally {
    await collectd.stop();
  }
}
