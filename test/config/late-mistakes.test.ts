import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../config/load.ts';
import { alone, configWith, problemsOf, problemsWith, replace, type Changes } from './support.ts';

const site = 'sites/alpha.yaml';
const calendar = 'calendar/2026.yaml';
const standard = 'standards/test.yaml';
const climate = 'profiles/env/climate.yaml';
const set = 'profiles/genset/set.yaml';
const ups = 'profiles/ups/phases.yaml';
const root = 'pantau.yaml';
const broker = "'mqtt://broker.test:1883'";
const oneOfUps = (line: string) => replace('device: ups-a\n', `device: ups-a\n    ${line}\n`);

/** Each has the right type and would hang, throw or judge nothing later. What is changed, and the whole of what is printed. */
// prettier-ignore
const mistakes: readonly [string, Changes, string][] = [
  ['a misspelt time zone', { [calendar]: replace('Asia/Jakarta', 'Asia/Jakrta') }, 'config/calendar/2026.yaml:2 zone: "Asia/Jakrta" is not valid; expected a time zone of the IANA list, such as "Asia/Jakarta"'],
  ['working hours that end before they begin', { [calendar]: replace("to: '17:00'", "to: '07:00'") }, 'config/calendar/2026.yaml:3 workingHours.to: "07:00" is not valid; expected a time after "from", on the same day'],
  ['working hours that end as they begin', { [calendar]: replace("to: '17:00'", "to: '08:00'") }, 'config/calendar/2026.yaml:3 workingHours.to: "08:00" is not valid; expected a time after "from", on the same day'],
  ['a time of day that no clock shows', { [calendar]: replace("to: '17:00'", "to: '24:30'") }, 'config/calendar/2026.yaml:3 workingHours.to: "24:30" is not valid; expected a time of day such as "08:00"'],
  ['an interval of zero', { [root]: replace('safety: 1s', 'safety: 0s') }, 'config/pantau.yaml:4 intervals.safety: "0s" is not valid; expected from "100ms" to "1d"'],
  ['an interval of months', { [root]: replace('slow: 60s', 'slow: 90d') }, 'config/pantau.yaml:4 intervals.slow: "90d" is not valid; expected from "100ms" to "1d"'],
  ['a port for traps out of range', { [root]: (text) => `${text}traps: { port: 70000 }\n` }, 'config/pantau.yaml:5 traps.port: 70000 is not valid; expected at most 65535'],
  ['a host for traps that is no address', { [root]: (text) => `${text}traps: { port: 1162, host: eth0 }\n` }, 'config/pantau.yaml:5 traps.host: "eth0" is not valid; expected a valid ipv4'],
  ['a resolution time of no hours', { [standard]: replace('hours: 8,', 'hours: 0,') }, 'config/standards/test.yaml:34 priorities.resolve.P2.hours: 0 is not valid; expected more than 0'],
  ['a resolution time beyond the calendar', { [standard]: replace('hours: 80,', 'hours: 1e308,') }, 'config/standards/test.yaml:37 priorities.resolve.P5.hours: 1e+308 is not valid; expected at most 10000'],
  ['a limit that is not a number', { [standard]: replace('max: 27', 'max: .nan') }, 'config/standards/test.yaml:14 sites.alpha.temperature.max: is NaN; expected a number'],
  ['a limit without end', { [standard]: replace('max: 27', 'max: .inf') }, 'config/standards/test.yaml:14 sites.alpha.temperature.max: is Infinity; expected a number'],
  ['a band with its ends swapped', { [standard]: replace('min: 18, max: 27', 'min: 27, max: 18') }, 'config/standards/test.yaml:14 sites.alpha.temperature.max: 18 is not valid; expected a number above "min"'],
  ['a rack that may carry nothing', { [standard]: replace('server: 3', 'server: 0') }, 'config/standards/test.yaml:10 sites.alpha.rackPower.kw.server: 0 is not valid; expected more than 0'],
  ['a load test every zero months', { [standard]: replace('everyMonths: 1', 'everyMonths: 0') }, 'config/standards/test.yaml:17 sites.alpha.loadTest.everyMonths: 0 is not valid; expected at least 1'],
  ['an endurance of zero hours', { [standard]: replace('hours: 12', 'hours: 0') }, 'config/standards/test.yaml:18 sites.alpha.endurance.hours: 0 is not valid; expected more than 0'],
  ['a deadband as wide as the band', { 'rules/all.yaml': replace('urgency: sedang', 'deadband: 9\n    urgency: sedang') }, 'config/rules/all.yaml:7 rules.temperature-high.deadband: 9 is as wide as the whole band of temperature; expected less than 9'],
  ['a negative deadband', { 'rules/all.yaml': replace('urgency: sedang', 'deadband: -1\n    urgency: sedang') }, 'config/rules/all.yaml:7 rules.temperature-high.deadband: -1 is not valid; expected at least 0'],
  ['a negative delay', { 'rules/all.yaml': replace('urgency: sedang', 'onDelay: -5s\n    urgency: sedang') }, 'config/rules/all.yaml:7 rules.temperature-high.onDelay: "-5s" is not valid; expected a duration such as "500ms", "10s", "5m", "3h" or "1d"'],
  ['a delay of centuries', { 'rules/all.yaml': replace('urgency: sedang', 'onDelay: 99999d\n    urgency: sedang') }, 'config/rules/all.yaml:7 rules.temperature-high.onDelay: "99999d" is not valid; expected at most "3650d"'],
  ['a rule that selects by an empty list', { 'rules/all.yaml': replace('kind: [ats]', 'kind: []') }, 'config/rules/all.yaml:11 rules.source-lost.points.kind: a list is not valid; expected at least 1 entry'],
  ['a rule that waits for no state', { 'rules/all.yaml': replace('[lost]', '[]') }, 'config/rules/all.yaml:12 rules.source-lost.when.states: a list is not valid; expected at least 1 entry'],
  ['a device silent after no time', { [climate]: replace('silentAfter: 60s', 'silentAfter: 0s') }, 'config/profiles/env/climate.yaml:6 silentAfter: "0s" is not valid; expected from "1s" to "30d"'],
  ['a pointer that is none', { [climate]: replace('pointer: /humidity', 'pointer: humidity') }, 'config/profiles/env/climate.yaml:9 points.humidity.pointer: "humidity" is not valid; expected a JSON Pointer such as "/sensor/temperature"'],
  ['a profile that reads nothing', { [climate]: (text) => `${text.replace(/points:[^]*/, '')}points: []\n` }, 'config/profiles/env/climate.yaml:1: reads nothing; expected at least one point'],
  ['a scale of zero', { [set]: replace('unit: kW,', 'unit: kW, scale: 0,') }, 'config/profiles/genset/set.yaml:8 points.power.scale: 0 is not valid; expected a number other than 0'],
  ['plausible limits with their ends swapped', { [set]: replace('unit: kW,', 'unit: kW, plausible: [9, 2],') }, 'config/profiles/genset/set.yaml:8 points.power.plausible: a list is not valid; expected two limits, the lower one first'],
  ['a regular expression that does not compile', { [set]: replace('unit: kW,', 'unit: kW, match: "(",') }, 'config/profiles/genset/set.yaml:8 points.power.match: "(" is not valid; expected a regular expression'],
  ['a regular expression over sysDescr that does not compile', { [ups]: replace('kind: ups', 'kind: ups\nidentify: { sysDescr: ["["] }') }, 'config/profiles/ups/phases.yaml:3 identify.sysDescr.0: "[" is not valid; expected a regular expression'],
  ['a Modbus timeout of zero', { [site]: replace('10.0.9.5\n', '10.0.9.5\n    modbus: { timeout: 0s }\n') }, 'config/sites/alpha.yaml:64 devices.tank.modbus.timeout: "0s" is not valid; expected from "10ms" to "60s"'],
  ['a pause of hours between two requests', { [site]: replace('10.0.9.5\n', '10.0.9.5\n    modbus: { pauseBetween: 2h }\n') }, 'config/sites/alpha.yaml:64 devices.tank.modbus.pauseBetween: "2h" is not valid; expected from "0s" to "60s"'],
  ['an override with a scale of zero', { [site]: replace('scale: 1 }', 'scale: 0 }') }, 'config/sites/alpha.yaml:54 devices.ups-a.override.output-power.scale: 0 is not valid; expected a number other than 0'],
  ['an override whose limits are equal', { [site]: replace('plausible: [0, 99]', 'plausible: [5, 5]') }, 'config/sites/alpha.yaml:54 devices.ups-a.override.l2/output-power.plausible: a list is not valid; expected two limits, the lower one first'],
  ['an autonomy of zero', { [site]: oneOfUps('rating: { neededAutonomy: 0s }') }, 'config/sites/alpha.yaml:51 devices.ups-a.rating.neededAutonomy: "0s" is not valid; expected from "1s" to "1d"'],
  ['a fuel curve that does not ascend', { [site]: replace('load: 1,', 'load: 0.2,') }, 'config/sites/alpha.yaml:59 devices.genset-1.rating.fuelCurve: a list is not valid; expected loads in ascending order'],
  ['an empty community', { [site]: oneOfUps("snmp: { version: '1', community: '' }") }, 'config/sites/alpha.yaml:51 devices.ups-a.snmp.community: "" is not valid; expected text that is not empty'],
  ['encryption without authentication', { [site]: oneOfUps("snmp: { version: '3', user: u, priv: { protocol: aes, key: { env: K } } }") }, 'config/sites/alpha.yaml:51 devices.ups-a.snmp.auth: is missing; expected a protocol and key, since "priv" needs "auth"'],
  ['a broker on a port out of range', { [site]: replace(broker, 'mqtt://broker.test:99999') }, 'config/sites/alpha.yaml:6 brokers.main.url: "mqtt://broker.test:99999" is not valid; expected a valid url'],
  ['a broker of another protocol', { [site]: replace(broker, 'http://broker.test') }, 'config/sites/alpha.yaml:6 brokers.main.url: "http://broker.test" is not valid; expected a valid url'],
  ['a password in a broker’s address', { [site]: replace(broker, 'mqtt://u:p@broker.test') }, 'config/sites/alpha.yaml:6 brokers.main.url: "mqtt://***@broker.test" is not valid; expected mqtt://HOST[:PORT] or mqtts://HOST[:PORT], with user and password as keys of their own'],
];

describe('a value that would hang or throw later is refused at load', () => {
  test.each(mistakes)('when there is %s', (_name, changes, message) => {
    expect(problemsWith(changes)).toEqual([message]);
  });

  test('when there is no calendar at all', () => {
    const dir = configWith({});
    rmSync(path.join(dir, 'calendar'), { recursive: true });
    expect(problemsOf(dir)).toEqual([
      'config/calendar: there is no calendar; expected one at least, such as calendar/2026.yaml; the times of P2 to P5 count its working hours',
    ]);
  });

  test('a year without a calendar is a warning; its working hours are those of the nearest year', () => {
    const loaded = loadConfig(configWith({}), { ...alone, env: {}, now: Date.parse('2031-05-01T00:00:00Z') });
    expect(loaded.ok ? loaded.warnings : loaded.problems).toEqual([
      expect.stringContaining('2031.yaml: is missing'),
      expect.stringContaining('2032.yaml: is missing'),
    ]);
  });
});
