import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { formatProblem, loadConfig } from '../../config/load.ts';
import { alone, configWith } from './support.ts';

const shipped = fileURLToPath(new URL('../../config', import.meta.url));
const shippedLibrary = path.join(shipped, 'library');
const options = { env: {}, now: Date.parse('2026-11-23T00:00:00Z') };

/** `pantau.yaml`, `sites/` and nothing else, plus the given files. */
function installation(files: Readonly<Record<string, string>> = {}): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'pantau-installation-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  for (const each of ['pantau.yaml', 'sites'])
    cpSync(path.join(shipped, each), path.join(dir, each), { recursive: true });
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
    writeFileSync(path.join(dir, file), text);
  }
  return dir;
}

function problemsIn(dir: string): string[] {
  const loaded = loadConfig(dir, options);
  return loaded.ok ? [] : loaded.problems.map((each) => formatProblem(each).replaceAll(dir, 'config'));
}

const libraryFile = (name: string): string => readFileSync(path.join(shippedLibrary, name), 'utf8');

describe('an installation and the shipped library', () => {
  test('need only pantau.yaml and sites/ of the installation', () => {
    const whole = loadConfig(shipped, options);
    const loaded = loadConfig(installation(), options);
    if (!loaded.ok || !whole.ok) throw new Error('not valid');
    expect(loaded.model.points.length).toBe(whole.model.points.length);
    expect(loaded.model.rules).toEqual(whole.model.rules);
    expect(loaded.overrides).toEqual([]);
  });

  test('a file of the same name is read instead of the shipped one, and reported', () => {
    const profile = 'profiles/ups/rfc1628.yaml';
    const rules = 'rules/water.yaml';
    const calendar = 'calendar/2026.yaml';
    const dir = installation({
      [profile]: libraryFile(profile).replace(/^model: .*$/m, 'model: Our own'),
      [rules]: 'rules: []\n',
      [calendar]: libraryFile(calendar).replace('2026-12-25', '2026-12-26'),
    });
    const loaded = loadConfig(dir, options);
    if (!loaded.ok) throw new Error(problemsIn(dir).join('\n'));
    expect(loaded.overrides).toEqual(
      [profile, rules, calendar].map((file) => `${dir}/${file} is read instead of the shipped file`),
    );
    expect(loaded.model.rules.filter(({ discipline }) => discipline === 'water')).toEqual([]);
    expect(loaded.model.calendars[0]?.holidays.at(-1)).toBe('2026-12-26');
  });

  test('a rule of the same name replaces the shipped rule alone', () => {
    const own = `rules:
  - rule: temperature-high
    name: { id: Panas, en: Hot }
    discipline: cooling
    points: { quantity: [temperature], position: [inlet] }
    when: { above: { value: 25, source: house rule } }
    urgency: rendah
`;
    const loaded = loadConfig(installation({ 'rules/own.yaml': own }), options);
    if (!loaded.ok) throw new Error('not valid');
    expect(loaded.overrides).toEqual(['rule "temperature-high" replaces the shipped rule']);
    const found = loaded.model.rules.filter(({ rule }) => rule === 'temperature-high');
    expect(found.map(({ name }) => name.en)).toEqual(['Hot']);
    expect(loaded.model.rules.some(({ rule }) => rule === 'temperature-low')).toBe(true);
  });

  test('a mistake names the file that holds it, in the installation or in the library', () => {
    const profile = 'profiles/ups/rfc1628.yaml';
    const dir = installation({ [profile]: libraryFile(profile).replace('kind: ups', 'kind: upps') });
    const line = libraryFile(profile).split('\n').indexOf('kind: ups') + 1;
    expect(problemsIn(dir)).toEqual([
      expect.stringContaining(`config/${profile}:${line} kind: "upps" is not valid`),
    ]);
    const broken = configWith({ 'rules/all.yaml': (text) => text.replace('urgency: sedang', 'urgency: no') });
    const loaded = loadConfig(installation(), { ...options, library: broken });
    const lines = loaded.ok ? [] : loaded.problems.map(formatProblem);
    expect(lines).toContainEqual(
      expect.stringContaining(`${broken}/rules/all.yaml:7 rules.temperature-high`),
    );
  });

  test('a rule of the installation may wait for what only a profile without a device here can say', () => {
    const own = (state: string): string => `rules:
  - rule: opened
    name: { id: Dibuka, en: Opened }
    discipline: access
    points: { quantity: [tamper] }
    when: { states: [${state}], source: house rule }
    urgency: rendah
`;
    const loaded = loadConfig(installation({ 'rules/own.yaml': own('tampered') }), options);
    if (!loaded.ok) throw new Error('not valid');
    expect(loaded.warnings).toContain('rule "opened": no point has the quantity "tamper"');
    expect(problemsIn(installation({ 'rules/own.yaml': own('tamperd') }))).toEqual([
      expect.stringContaining('"tamperd" is unknown; expected'),
    ]);
  });

  test('the shipped rules only wait for states that something can be in', () => {
    const dir = installation();
    cpSync(shippedLibrary, dir, { recursive: true });
    expect(loadConfig(dir, { ...options, ...alone })).toMatchObject({ ok: true });
  });
});
