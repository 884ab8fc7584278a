import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import type { TestContext } from 'vitest';

/** Programs nobody here wrote, that tests talk to; each with Debian's package. */
const peers = {
  snmpd: { paths: ['/usr/sbin/snmpd'], package: 'snmpd' },
  snmpget: { paths: ['/usr/bin/snmpget'], package: 'snmp' },
  snmptrap: { paths: ['/usr/bin/snmptrap'], package: 'snmp' },
  snmpinform: { paths: ['/usr/bin/snmpinform'], package: 'snmp' },
  mosquitto: { paths: ['/usr/sbin/mosquitto'], package: 'mosquitto' },
  influxd: { paths: ['/usr/bin/influxd'], package: 'influxdb' },
  prometheus: { paths: ['/usr/bin/prometheus'], package: 'prometheus' },
  promtool: { paths: ['/usr/bin/promtool'], package: 'prometheus' },
  postgres: { paths: postgresPaths(), package: 'postgresql' },
  chromium: { paths: ['/usr/bin/chromium'], package: 'chromium' },
  pdfsig: { paths: ['/usr/bin/pdfsig'], package: 'poppler-utils' },
  pdfdetach: { paths: ['/usr/bin/pdfdetach'], package: 'poppler-utils' },
  pdftotext: { paths: ['/usr/bin/pdftotext'], package: 'poppler-utils' },
  pymodbus: { paths: ['/usr/bin/python3'], package: 'python3-pymodbus', module: 'pymodbus' },
  pyserial: { paths: ['/usr/bin/python3'], package: 'python3-serial-asyncio', module: 'serial_asyncio' },
  socat: { paths: ['/usr/bin/socat'], package: 'socat' },
} satisfies Record<string, { paths: readonly string[]; package: string; module?: string }>;
export type PeerName = keyof typeof peers;

/** The peer's path, or the test is skipped with the apt line; with PANTAU_REQUIRE_PEERS=1 it fails instead. */
export function peer(context: Pick<TestContext, 'skip'>, name: PeerName): string {
  const path = peerPath(name);
  const known = peers[name];
  if (path !== undefined && (!('module' in known) || hasModule(path, known.module))) return path;
  const remedy = `${name} is missing: apt-get install ${known.package}`;
  if (process.env['PANTAU_REQUIRE_PEERS'] === '1') throw new Error(remedy);
  process.stderr.write(`${remedy}\n`);
  return context.skip(remedy);
}

/** Debian puts each version into a folder of its own. */
function postgresPaths(): string[] {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return [];
  return readdirSync(root).map((version) => `${root}/${version}/bin/postgres`);
}

/** Where the peer is; undefined when it is not installed. */
export function peerPath(name: PeerName): string | undefined {
  return peers[name].paths.find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function hasModule(python: string, module: string): boolean {
  try {
    execFileSync(python, ['-c', `import ${module}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
