import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../config/load.ts';
import { alone, configWith, modelWith, problemsOf, problemsWith, replace } from './support.ts';

const site = 'sites/alpha.yaml';

describe('loading', () => {
  test('tells the mistakes of all files at once, in their order', () => {
    const changes = {
      'pantau.yaml': replace('2s', '2 s'),
      'profiles/ups/phases.yaml': replace('column: 4', 'colum: 4'),
      'rules/all.yaml': replace('urgency: sedang', 'urgency: sedan'),
      'standards/test.yaml': replace('max: 8', 'max: many'),
      [site]: (text: string) =>
        text
          .replace('impact: tinggi', 'impact: highest')
          .replace('address: 10.0.9.3\n', 'adress: 10.0.9.3\n')
          .replace('role: monthly-tank', 'role: weekly-tank')
          .replace('address: 10.0.9.4', 'address: 10.0.9.4/1/2')
          .replace('profile: pdu/phases', 'profile: pdu/phase'),
    };
    const places = problemsWith(changes).map((text) => text.slice(0, text.indexOf(': ')));
    expect(places).toEqual([
      'config/pantau.yaml:4 intervals.power',
      'config/profiles/ups/phases.yaml:18 tables.output.points.output-power.colum',
      'config/rules/all.yaml:7 rules.temperature-high.urgency',
      'config/sites/alpha.yaml:4 impact',
      'config/sites/alpha.yaml:19 rows.A-B.feeds.B.profile',
      'config/sites/alpha.yaml:52 devices.ups-a.adress',
      'config/sites/alpha.yaml:57 devices.genset-1.address',
      'config/sites/alpha.yaml:65 devices.tank.role',
      'config/standards/test.yaml:8 sites.alpha.racks.max',
    ]);
  });

  test('says nothing against a reference to something that is there but broken', () => {
    const changes = {
      'profiles/ups/phases.yaml': replace('kind: ups', 'kind: up'),
      [site]: replace('kind: panel,', 'kind: panels,'),
    };
    const problems = problemsWith(changes);
    expect(problems).toHaveLength(2);
    expect(problems.join('\n')).not.toContain('unknown');
  });

  test('takes anchors and merges', () => {
    const merged = (text: string): string =>
      text
        .replace('  - rows: [A, B]\n', '  - &row\n    rows: [A, B]\n')
        .replace('devices:\n', '  - { <<: *row, rows: [D], racks: 1, exceptions: {} }\ndevices:\n');
    const { model } = modelWith({ [site]: merged });
    expect(model.racks.map((rack) => rack.id)).toContain('rack-d01');
    expect(model.deviceById.get('alpha/pdu-d01-b')?.address).toMatchObject({ host: '10.0.4.21' });
  });

  test('finds the line of a mistake behind a merge', () => {
    const merged = (text: string): string =>
      text
        .replace('  - rows: [A, B]\n    room: hall\n', '  - &row\n    rows: [A, B]\n    room: hal\n')
        .replace('devices:\n', '  - { <<: *row, rows: [D], racks: 1, exceptions: {} }\ndevices:\n');
    expect(problemsWith({ [site]: merged }).map((text) => text.split(':', 2)[1]?.split(' ')[0])).toEqual([
      '15',
      '15',
    ]);
  });

  test('misses every file of an empty folder without failing', () => {
    const dir = configWith({});
    rmSync(dir, { recursive: true });
    expect(problemsOf(dir)).toEqual([
      'config/pantau.yaml: the file is missing; expected a readable YAML file',
    ]);
  });

  test('reports a folder that stands in the place of a file', () => {
    const dir = configWith({});
    mkdirSync(path.join(dir, 'rules', 'more.yaml'));
    expect(problemsOf(dir)).toEqual([
      expect.stringMatching(/^config\/rules\/more\.yaml: cannot be read: EISDIR/),
    ]);
  });

  test('reports an alias that leads nowhere', () => {
    expect(problemsWith({ 'rules/all.yaml': replace('[lost]', '*nowhere') })).toEqual([
      expect.stringMatching(/^config\/rules\/all\.yaml:\d+: not YAML: Unresolved alias/),
    ]);
  });

  test('reports aliases that explode, and takes as many plain ones as a long file has', () => {
    const level = (name: string, of: string): string =>
      `${name}: &${name} [${Array(9).fill(`*${of}`).join(', ')}]`;
    const bomb = [
      'a: &a [x]',
      level('b', 'a'),
      level('c', 'b'),
      level('d', 'c'),
      level('e', 'd'),
      level('f', 'e'),
    ];
    expect(problemsWith({ 'rules/all.yaml': () => bomb.join('\n') })).toEqual([
      expect.stringContaining('not YAML: Excessive alias count'),
    ]);
    const many = `a: &a x\nb: [${Array(500).fill('*a').join(', ')}]\n`;
    expect(problemsWith({ 'rules/all.yaml': () => many })).not.toEqual([expect.stringContaining('not YAML')]);
  });

  test('warns of a site that is not watched, a calendar that is missing and a rule that judges nothing', () => {
    const dir = configWith({ 'rules/all.yaml': replace('[temperature]', '[temperature, temprature]') });
    writeFileSync(path.join(dir, 'sites', 'beta.yaml'), '');
    rmSync(path.join(dir, 'calendar', '2027.yaml'));
    const result = loadConfig(dir, { ...alone, env: {}, now: Date.parse('2026-12-31T16:59:59Z') });
    expect(
      result.ok ? result.warnings.map((text) => text.replaceAll(dir, 'config')) : result.problems,
    ).toEqual([
      'config/sites/beta.yaml: is not among the sites of pantau.yaml and is not watched',
      'config/calendar/2027.yaml: is missing; no day of 2027 is known to be a holiday; "pantau holidays import FILE" makes it of a table or an iCalendar file',
      'rule "temperature-high": no point has the quantity "temprature"',
    ]);
  });

  test('looks for the calendars of the ministry’s year, which begins seven hours before UTC’s', () => {
    const result = loadConfig(configWith({}), { ...alone, env: {}, now: Date.parse('2026-12-31T17:00:00Z') });
    expect(result.ok ? result.warnings : result.problems).toEqual([
      expect.stringContaining('2028.yaml: is missing'),
    ]);
  });
});

describe('secrets', () => {
  const withSecrets = {
    'pantau.yaml': replace('field: simulated', 'field: real'),
    [site]: (text: string) =>
      text
        .replace(
          "{ url: 'mqtt://broker.test:1883' }",
          "{ url: 'mqtt://broker.test:1883', user: u, password: { env: BROKER } }",
        )
        .replace(
          'profile: ups/phases\n',
          'profile: ups/phases\n    snmp: { version: "3", user: u, auth: { protocol: sha, key: { env: UPS_AUTH } } }\n',
        ),
  };

  test('that are files of certificates must be there and be what they should when the field is real', () => {
    const tls = 'tls: { ca: pantau.yaml, cert: none.pem, key: pantau.yaml }';
    const changes = {
      'pantau.yaml': replace('field: simulated', 'field: real'),
      'sites/alpha.yaml': replace("'mqtt://broker.test:1883' }", `mqtts://broker.test, ${tls} }`),
    };
    const place = "a PEM file, relative to the configuration's folder";
    expect(problemsWith(changes)).toEqual([
      `config/sites/alpha.yaml:6 brokers.main.tls.ca: "pantau.yaml" holds no certificate; expected a certificate in ${place}`,
      `config/sites/alpha.yaml:6 brokers.main.tls.cert: "none.pem" is missing; expected a certificate in ${place}`,
      `config/sites/alpha.yaml:6 brokers.main.tls.key: "pantau.yaml" holds no private key without a passphrase; expected a private key in ${place}`,
    ]);
  });

  test('that are not set are told by the name of their variable when the field is real', () => {
    expect(problemsWith(withSecrets)).toEqual([
      'config/sites/alpha.yaml:6 brokers.main.password.env: environment variable BROKER is not set; expected the secret in it, since the field is real',
      'config/sites/alpha.yaml:52 devices.ups-a.snmp.auth.key.env: environment variable UPS_AUTH is not set; expected the secret in it, since the field is real',
    ]);
  });

  test('that are set satisfy the real field', () => {
    const now = Date.parse('2026-11-23T00:00:00Z');
    expect(problemsWith(withSecrets, { env: { BROKER: 'x', UPS_AUTH: 'long-enough' }, now })).toEqual([]);
  });

  test('of SNMP v3 that are shorter than 8 characters are refused without being quoted', () => {
    const now = Date.parse('2026-11-23T00:00:00Z');
    expect(problemsWith(withSecrets, { env: { BROKER: 'x', UPS_AUTH: 'seven-7' }, now })).toEqual([
      'config/sites/alpha.yaml:52 devices.ups-a.snmp.auth.key.env: environment variable UPS_AUTH has 7 characters; expected an SNMP v3 key of at least 8',
    ]);
  });

  test('are not needed while the field is simulated', () => {
    expect(problemsWith({ [site]: withSecrets[site] ?? String })).toEqual([]);
  });
});
