import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { initConfig } from '../../cli/init.ts';
import { eventually } from '../support/field.ts';
import { freePort, startPeer } from '../support/process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const command = path.join(root, 'bin/pantau.js');

function temporary(): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'pantau-start-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

function smallConfig(): string {
  const dir = path.join(temporary(), 'config');
  initConfig(dir, () => undefined);
  return dir;
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a command to its end; a process that hangs is killed and has no exit code. */
async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  deadlineMs = 60_000,
): Promise<Ended> {
  const child = spawn(process.execPath, args, { env: { ...process.env, PANTAU_LOG: 'warn', ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (output += data.toString()));
  const deadline = setTimeout(() => child.kill('SIGKILL'), deadlineMs);
  await once(child, 'close');
  clearTimeout(deadline);
  return { code: child.exitCode, output };
}

/** The control port of a simulator of our own: three consecutive ports are needed and rarely taken. */
const controlPort = String(21_000 + (process.pid % 3_000));

beforeAll(async () => {
  await run([path.join(root, 'bin/build.js')], {}, 170_000);
}, 180_000);

describe('a server that cannot start ends with a code and its reason', { timeout: 90_000 }, () => {
  test('69 when the port is in use; the simulator it started is ended too', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    onTestFinished(() => void taken.close());
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? String(address.port) : '0';
    const { code, output } = await run([command, 'serve'], {
      PANTAU_PORT: port, PANTAU_CONFIG: smallConfig(), PANTAU_DATA: temporary(), PANTAU_SIMULATOR_PORT: controlPort,
    }); // prettier-ignore
    expect(output).toContain(
      `port ${port} of 127.0.0.1 is in use by another program; stop it, or set PANTAU_PORT`,
    );
    expect(code).toBe(69);
    await expect(fetch(`http://127.0.0.1:${controlPort}/health`)).rejects.toThrow('fetch failed');
  });

  test('74 when the data folder cannot be used', async () => {
    const file = path.join(temporary(), 'file');
    writeFileSync(file, '');
    const { code, output } = await run([command, 'serve', '--no-simulate', '--no-collectors'], {
      PANTAU_PORT: String(await freePort()), PANTAU_CONFIG: smallConfig(), PANTAU_DATA: path.join(file, 'data'),
    }); // prettier-ignore
    expect(output).toMatch(
      /^the data folder .* cannot be used: .*; make it writable, or name another with PANTAU_DATA$/m,
    );
    expect(output).not.toMatch(/^ +at /m);
    expect(code).toBe(74);
  });

  test('64 when the environment holds a value that cannot be', async () => {
    const { code, output } = await run([command, 'serve'], { PANTAU_PORT: 'http' });
    expect(output).toMatch(/^environment variable PANTAU_PORT: /);
    expect(code).toBe(64);
  });

  test('78 when the configuration is broken', async () => {
    const dir = smallConfig();
    writeFileSync(path.join(dir, 'pantau.yaml'), 'field: simulate\n');
    const { code, output } = await run([command, 'serve'], { PANTAU_CONFIG: dir, PANTAU_DATA: temporary() });
    expect(output).toContain(`${dir}/pantau.yaml:1 field: "simulate" is not valid`);
    expect(code).toBe(78);
  });
});

/** What the image holds: the build, the library, and what is needed at run time; optionally the sources beside it. */
function packaged(alsoSources: boolean): string {
  const dir = temporary();
  for (const each of ['dist', 'bin', 'package.json', 'package-lock.json', 'vite.config.ts', 'config/library'])
    cpSync(path.join(root, each), path.join(dir, each), { recursive: true });
  if (alsoSources) cpSync(path.join(root, 'cli'), path.join(dir, 'cli'), { recursive: true });
  mkdirSync(path.join(dir, 'node_modules'));
  const manifest: { devDependencies: object } = JSON.parse(
    readFileSync(path.join(root, 'package.json'), 'utf8'),
  );
  for (const name of readdirSync(path.join(root, 'node_modules')))
    if (!(name in manifest.devDependencies) && !name.startsWith('.'))
      symlinkSync(path.join(root, 'node_modules', name), path.join(dir, 'node_modules', name));
  return dir;
}

test(
  'a file that is saved is taken over without a restart, a broken one is reported',
  { timeout: 90_000 },
  async () => {
    const config = smallConfig();
    const site = path.join(config, 'sites/dc.yaml');
    const text = readFileSync(site, 'utf8');
    const server = await startPeer(process.execPath, [command, 'serve', '--no-simulate', '--no-collectors'], {
      ready: /Pantau DC: http/,
      env: {
        PANTAU_PORT: String(await freePort()),
        PANTAU_CONFIG: config,
        PANTAU_DATA: temporary(),
        PANTAU_LOG: 'info',
      },
    });
    onTestFinished(() => server.stop());
    writeFileSync(site, text.replace('impact: tinggi', 'impact: tingi'));
    await eventually('the mistake is reported', () =>
      server.output().includes(`${site}:8 impact: \\"tingi\\" is not valid`),
    );
    writeFileSync(site, text.replace('device: ups-1', 'device: ups-2'));
    await eventually('it is in force', () =>
      server.output().includes('the changed configuration is in force'),
    );
    expect(server.output()).not.toContain('pantau failed');
  },
);

test('a command that needs no configuration reads none', async () => {
  const dir = temporary();
  // A pipe that nobody writes to: who opens it waits for ever.
  execFileSync('mkfifo', [path.join(dir, 'pantau.yaml')]);
  const { code, output } = await run([command, 'token', '--help'], { PANTAU_CONFIG: dir });
  expect(output).toContain('revoke');
  expect(code).toBe(0);
}, 90_000);

describe('a packaged installation', { timeout: 90_000 }, () => {
  test.each([false, true])(
    'starts with an edited configuration and builds nothing (sources beside it: %s)',
    async (sources) => {
      const dir = packaged(sources);
      const config = smallConfig();
      const site = path.join(config, 'sites/dc.yaml');
      writeFileSync(site, readFileSync(site, 'utf8').replace('Gedung contoh', 'Gedung lain'));
      const server = await startPeer(
        process.execPath,
        [path.join(dir, 'bin/pantau.js'), 'serve', '--no-simulate'],
        {
          ready: /Pantau DC: http/,
          env: {
            PANTAU_PORT: String(await freePort()),
            PANTAU_CONFIG: config,
            PANTAU_DATA: temporary(),
            PANTAU_LOG: 'warn',
          },
        },
      );
      await server.stop();
      expect(server.output()).not.toContain('building');
      expect(readdirSync(dir)).not.toContain('dist.lock');
    },
  );

  test('an edited YAML file of the library is no reason to build', async () => {
    const file = path.join(root, 'config/library/rules/water.yaml');
    utimesSync(file, new Date(), new Date());
    const { code, output } = await run([command, 'check-config', '--config', smallConfig()], {});
    expect(output).not.toContain('building');
    expect(code).toBe(0);
  });
});
