import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { checkConfig } from '../../cli/check-config.ts';
import { loadConfig } from '../../config/load.ts';
import { initConfig } from '../../cli/init.ts';

function emptyFolder(): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'pantau-init-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}

const now = Date.parse('2026-11-23T00:00:00Z');

test('what init writes is accepted: one site, one UPS, one sensor', () => {
  const dir = path.join(emptyFolder(), 'new');
  const written: string[] = [];
  initConfig(dir, (line) => written.push(line));
  expect(written.slice(0, 2)).toEqual([`${dir}/pantau.yaml`, `${dir}/sites/dc.yaml`]);
  const loaded = loadConfig(dir, { env: {}, now });
  expect(loaded.ok && loaded.model.pointById.has('dc/sensor-1/sensor-1/temperature')).toBe(true);
  const lines: string[] = [];
  expect(checkConfig(dir, (line) => lines.push(line), { env: {}, now })).toBe(0);
  expect(lines).toContainEqual(
    expect.stringMatching(/^dc: 0 racks, devices: 2 by snmp, 0 by modbus, 0 by mqtt; \d+ points$/),
  );
});

test('the addresses it holds are accepted for the real field too', () => {
  const dir = emptyFolder();
  initConfig(dir, () => undefined);
  const file = path.join(dir, 'pantau.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('field: simulated', 'field: real'));
  expect(checkConfig(dir, () => undefined, { env: {}, now })).toBe(0);
});

test('a folder that holds anything is refused, with the remedy', () => {
  const dir = emptyFolder();
  writeFileSync(path.join(dir, 'notes.txt'), 'mine');
  expect(() => initConfig(dir, () => undefined)).toThrow(
    `${dir} is not empty; name a new or an empty folder: pantau init DIR`,
  );
});
