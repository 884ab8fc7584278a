// Everything is tested: installs the peers that are missing (Debian packages), runs the checks, then every test; a test that
// is skipped for want of a peer fails the run.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

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
];

installPeers();
run('npm', ['run', '--silent', 'check']);
run('npx', ['vitest', 'run'], { PANTAU_REQUIRE_PEERS: '1' });

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
