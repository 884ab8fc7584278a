// Everything is tested: installs the peers that are missing (Debian packages), runs the checks, then every test; a test that
// is skipped for want of a peer fails the run. What rests on the runtime then runs again on the Node of the image and on the next one.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeBinary, otherNodes } from './other-nodes.js';

const peers = [
  ['snmpd', '/usr/sbin/snmpd'],
  ['snmp', '/usr/bin/snmpget'],
  ['mosquitto', '/usr/sbin/mosquitto'],
  ['openssl', '/usr/bin/openssl'],
  ['mosquitto-clients', '/usr/bin/mosquitto_pub'],
  ['influxdb', '/usr/bin/influxd'],
  ['postgresql', '/usr/lib/postgresql'],
  ['chromium', '/usr/bin/chromium'],
  ['python3-pymodbus', '/usr/lib/python3/dist-packages/pymodbus'],
  ['python3-serial', '/usr/lib/python3/dist-packages/serial'],
  ['socat', '/usr/bin/socat'],
  ['poppler-utils', '/usr/bin/pdftotext'],
  ['prometheus', '/usr/bin/prometheus'],
];

/**
 * Beside the one that runs this script: what the image uses, and the next. Of both only what rests on the runtime is tried (sockets, files,
 * native modules, timers), since the whole run must end within half an hour; `npm run soak:nodes` tries every unit test on them. SQLite alone:
 * PostgreSQL's client is plain JavaScript.
 */
const onRuntime = [
  'test/core',
  'test/collectors',
  'test/server/db',
  'test/server/historian',
  'test/server/http',
  'test/cli',
];

installPeers();
run('npm', ['run', '--silent', 'check']);
const tally = join(mkdtempSync(join(tmpdir(), 'pantau-tally-')), 'counts');
process.on('exit', printSum);
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url));
run(process.execPath, [vitest, 'run'], { PANTAU_REQUIRE_PEERS: '1', PANTAU_TEST_TALLY: tally });
for (const version of otherNodes) {
  const node = nodeBinary(version);
  if (node !== undefined)
    run(node, [vitest, 'run', '--project', 'unit', ...onRuntime], {
      PANTAU_TEST_DATABASES: 'sqlite',
      PANTAU_TEST_TALLY: tally,
    });
}

/** The whole of all runs as the last line: `N passed, N failed, N skipped`. */
function printSum() {
  if (!existsSync(tally)) return;
  const runs = readFileSync(tally, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const sum = (key) => runs.reduce((total, counts) => total + counts[key], 0);
  process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped\n`);
  rmSync(join(tally, '..'), { recursive: true, force: true });
}

function installPeers() {
  const missing = peers.filter(([, path]) => !existsSync(path)).map(([name]) => name);
  if (missing.length === 0) return;
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo'];
  const apt = [...asRoot, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get'];
  process.stdout.write(`The tests talk to real programs; installing ${missing.join(', ')} with apt-get\n`);
  run(apt[0], [...apt.slice(1), 'update', '-qq']);
  run(apt[0], [...apt.slice(1), 'install', '-y', '-qq', '--no-install-recommends', ...missing]);
}

function run(command, args, env = {}) {
  process.stdout.write(`> ${command} ${args.join(' ')}\n`);
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
