import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { formatProblem, loadConfig, type LoadOptions } from '../../config/load.ts';
import type { Model } from '../../config/model.ts';

/** Every kind of thing once: racks by SNMP, Modbus and MQTT, a UPS, a genset, a tank, a generic module. */
const small = fileURLToPath(new URL('fixtures/small', import.meta.url));

/** Its calendars are 2026 and 2027. */
const now = Date.parse('2026-11-23T00:00:00Z');

/** The fixture brings everything itself: nothing of the shipped library is read. */
export const alone = { library: path.join(small, 'no-library') };

/** File → what is done to its text; that of a new file is empty. */
export type Changes = Readonly<Record<string, (text: string) => string>>;

/** A copy of the small configuration with some files changed; gone when the test ends. */
export function configWith(changes: Changes): string {
  const parent = mkdtempSync(path.join(os.tmpdir(), 'pantau-config-'));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  const dir = path.join(parent, 'config');
  cpSync(small, dir, { recursive: true });
  for (const [file, change] of Object.entries(changes)) {
    const isNew = !existsSync(path.join(dir, file));
    const before = isNew ? '' : readFileSync(path.join(dir, file), 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`the change to ${file} changes nothing`);
    writeFileSync(path.join(dir, file), after);
  }
  return dir;
}

/** Replaces text that must be there. */
export function replace(written: string, by: string): (text: string) => string {
  return (text) => text.replace(written, by);
}

/** The problems as they are printed, the folder called `config`. */
export function problemsOf(dir: string, options: LoadOptions = { env: {}, now }): string[] {
  const result = loadConfig(dir, { ...alone, ...options });
  return result.ok ? [] : result.problems.map((problem) => formatProblem(problem).replaceAll(dir, 'config'));
}

export function problemsWith(changes: Changes, options?: LoadOptions): string[] {
  return problemsOf(configWith(changes), options);
}

export function modelWith(changes: Changes = {}): { model: Model; warnings: string[] } {
  const dir = Object.keys(changes).length === 0 ? small : configWith(changes);
  const result = loadConfig(dir, { ...alone, env: {}, now });
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'));
  return { model: result.model, warnings: result.warnings.map((text) => text.replaceAll(dir, 'config')) };
}
