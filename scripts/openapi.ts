import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { systemClock } from '../core/clock.ts';
import { loadConfig } from '../config/load.ts';
import { startApp } from '../server/app.ts';

/** The document as a server of the shipped configuration gives it, drills included. */
export async function openApi(): Promise<unknown> {
  const loaded = loadConfig(fileURLToPath(new URL('../config', import.meta.url)));
  if (!loaded.ok) throw new Error('the configuration is broken: pantau check-config');
  const dataDir = await mkdtemp(join(tmpdir(), 'pantau-openapi-'));
  const nothing = (): Promise<never> => Promise.reject(new Error('no simulator runs here'));
  const app = await startApp({
    model: loaded.model,
    allProfiles: () => Promise.resolve([]),
    clock: systemClock,
    log: pino({ level: 'silent' }),
    randomBytes,
    version: '0',
    dataDir,
    influxUrl: undefined,
    host: '127.0.0.1',
    port: 0,
    adminPassword: undefined,
    webDir: dataDir,
    collect: false,
    drills: { start: nothing, stop: nothing, running: nothing },
  });
  try {
    return await (await fetch(`${app.url}/api/v1/openapi.json`)).json();
  } finally {
    await app.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}
