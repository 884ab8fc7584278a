import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentCount, agentOid, firstPort, valuesPerAgent } from "./field.js";
const program = '/usr/sbin/collectd';
const plugin = '/usr/lib/collectd/snmp.so';
export const isCollectdInstalled = existsSync(program) && existsSync(plugin);
/** Debian's collectd on the same agents and OIDs, one GET of all values a poll, and nothing to write them to. */
export async function startCollectd(intervalMs) {
    const folder = mkdtempSync(join(tmpdir(), 'pantau-collectd-'));
    const sources = Array.from({ length: valuesPerAgent }, (_, i) => `v${i}:GAUGE:U:U`).join(', ');
    writeFileSync(join(folder, 'types.db'), `bench ${sources}\n`);
    writeFileSync(join(folder, 'collectd.conf'), config(folder, intervalMs / 1_000));
    const child = spawn(program, ['-f', '-C', join(folder, 'collectd.conf'), '-P', join(folder, 'pid')], {
        env: { ...process.env, MIBS: '', SNMP_PERSISTENT_DIR: folder },
        stdio: 'ignore',
    });
    const { pid } = child;
    if (pid === undefined)
        throw new Error('collectd did not start');
    const gone = once(child, 'exit');
    return {
        pid,
        async stop() {
            child.kill('SIGTERM');
            await gone;
            rmSync(folder, { recursive: true, force: true });
        },
    };
}
function config(folder, seconds) {
    const oids = Array.from({ length: valuesPerAgent }, (_, i) => `"${agentOid(i)}"`).join(' ');
    const host = (index) => `  <Host "a${index}">
    Address "127.0.0.1:${firstPort + index}"
    Version 2
    Community "public"
    Collect "values"
    Interval ${seconds}
    Timeout 1
    Retries 0
  </Host>`;
    return `Hostname "bench"
FQDNLookup false
BaseDir "${folder}"
TypesDB "${folder}/types.db"
Interval ${seconds}
LoadPlugin snmp
<Plugin snmp>
  <Data "values">
    Type "bench"
    Table false
    Values ${oids}
  </Data>
${Array.from({ length: agentCount }, (_, index) => host(index)).join('\n')}
</Plugin>
`;
}
//# sourceMappingURL=collectd.js.map