import { describe, expect, test } from 'vitest';
import { problemsWith, replace, type Changes } from './support.ts';

const site = 'sites/alpha.yaml';
const climate = 'profiles/env/climate.yaml';

/** The climate sensor as a Sparkplug device, with one mistake. */
function sparkplug(from: string, to: string) {
  return (text: string): string =>
    text
      .replace('protocol: mqtt', 'protocol: mqtt\npayload: sparkplug')
      .replace(from, to)
      .replace(/pointer: \/(temperature|humidity)/g, 'metric: $1');
}

/** One more rule on the temperatures, with further keys. */
function addRule(name: string, when: string, more = 'urgency: sedang') {
  const keys = more.startsWith('urgency') ? more : `urgency: sedang, ${more}`;
  return (text: string): string =>
    `${text}  - { rule: ${name}, name: { id: X, en: X }, discipline: cooling, points: { quantity: [temperature] }, when: ${when}, ${keys} }\n`;
}

/** One mistake a row: what is changed, and the whole of what is said about it. */
// prettier-ignore
const mistakes: readonly [string, Changes, string][] = [
  ['a profile that does not exist', { [site]: replace('profile: ups/phases', 'profile: ups/phase') }, 'config/sites/alpha.yaml:51 devices.ups-a.profile: "ups/phase" is unknown; expected a profile; did you mean "ups/phases"?'],
  [
    'a room that does not exist',
    { [site]: replace('address: 10.0.9.3\n    room: panel', 'address: 10.0.9.3\n    room: pannel') },
    'config/sites/alpha.yaml:53 devices.ups-a.room: "pannel" is unknown; expected a room of this site; did you mean "panel"?',
  ],
  ['a row in a room that does not exist', { [site]: replace('room: hall\n    racks: 2', 'room: hal\n    racks: 2') }, 'config/sites/alpha.yaml:14 rows.A-B.room: "hal" is unknown; expected a room of this site; did you mean "hall"?'],
  ['a misspelt key', { [site]: replace('    rating: {', '    ratings: {') }, 'config/sites/alpha.yaml:59 devices.genset-1.ratings: "ratings" is an unknown key; expected one of device, kind, profile, address, name, room, rack, feed, position, role, rating, nameplate, inputs, protects, leads, fedBy, via, interval, broker, snmp, completedBy, instance, modbus, key, parts, override; did you mean "rating"?'],
  ['a misspelt level', { [site]: replace('impact: tinggi', 'impact: tingi') }, 'config/sites/alpha.yaml:4 impact: "tingi" is not valid; expected "tinggi", "sedang" or "rendah"; did you mean "tinggi"?'],
  ['a key left out', { [site]: replace('building: Alpha building\n', '') }, 'config/sites/alpha.yaml:1 building: is missing; expected text'],
  ['text where a number belongs', { [site]: replace('racks: 2', 'racks: two') }, 'config/sites/alpha.yaml:15 rows.A-B.racks: is "two"; expected a number'],
  ['a host that is no address', { [site]: replace('10.0.9.4', '10.0.9.400') }, 'config/sites/alpha.yaml:57 devices.genset-1.address: "10.0.9.400" is not an address; expected HOST, HOST:PORT or HOST:PORT/UNIT (unit 0 to 255), or /dev/LINE/UNIT for a serial line (unit 1 to 247)'],
  ['a Modbus unit beyond 255', { [site]: replace('10.0.9.2:1502/7', '10.0.9.2:1502/700') }, 'config/sites/alpha.yaml:45 devices.ats-a.address: "10.0.9.2:1502/700" is not an address; expected HOST, HOST:PORT or HOST:PORT/UNIT (unit 0 to 255), or /dev/LINE/UNIT for a serial line (unit 1 to 247)'],
  [
    'a gateway whose units differ in framing',
    { [site]: replace('10.0.9.5\n', '10.0.9.2:1502/8\n    modbus: { framing: rtu }\n') },
    'config/sites/alpha.yaml:64 devices.tank.modbus.framing: is "rtu", but "tcp" for alpha/ats-a behind 10.0.9.2:1502; expected one framing for all units of a gateway: "rtu" in each of them, or in none',
  ],
  [
    'units of a serial line that differ in its settings',
    { [site]: (text) => replace('10.0.9.5\n', '/dev/ttyUSB0/8\n    modbus: { serial: { parity: even } }\n')(replace('10.0.9.2:1502/7', '/dev/ttyUSB0/7')(text)) },
    'config/sites/alpha.yaml:64 devices.tank.modbus.serial: is "9600 8E1", but "9600 8N1" for alpha/ats-a on /dev/ttyUSB0; expected the same settings for all units of a line',
  ],
  ['a serial line without a unit', { [site]: replace('10.0.9.5\n', '/dev/ttyUSB0\n') }, 'config/sites/alpha.yaml:63 devices.tank.address: "/dev/ttyUSB0" is not an address; expected HOST, HOST:PORT or HOST:PORT/UNIT (unit 0 to 255), or /dev/LINE/UNIT for a serial line (unit 1 to 247)'],
  ['a framing for a serial line', { [site]: replace('10.0.9.5\n', '/dev/ttyUSB0/8\n    modbus: { framing: rtu }\n') }, 'config/sites/alpha.yaml:64 devices.tank.modbus.framing: is not allowed, since the address is a serial line; expected no framing: a line speaks RTU'],
  ['settings of a serial line for a gateway', { [site]: replace('10.0.9.5\n', '10.0.9.5\n    modbus: { serial: {} }\n') }, 'config/sites/alpha.yaml:64 devices.tank.modbus.serial: is not allowed, since the address is no serial line; expected it only with an address such as /dev/ttyUSB0/1'],
  ['Modbus options for a device of another protocol', { [site]: replace('device: ups-a\n', 'device: ups-a\n    modbus: { framing: rtu }\n') }, 'config/sites/alpha.yaml:51 devices.ups-a.modbus: is not allowed, since "ups/phases" is for snmp; expected it only with Modbus devices'],
  ['an offset that takes a register below 0', { [site]: replace('10.0.9.5\n', '10.0.9.5\n    modbus: { addressOffset: -1 }\n') }, 'config/sites/alpha.yaml:64 devices.tank.modbus.addressOffset: takes "level" out of the addresses there are; expected every address from 0 to 65535'],
  ['a value whose second register is past 65535', { 'profiles/genset/set.yaml': replace('address: 10, type: s32', 'address: 65535, type: s32') }, 'config/sites/alpha.yaml:56 devices.genset-1.profile: takes "power" out of the addresses there are; expected every address from 0 to 65535'],
  ['a framing that does not exist', { [site]: replace('10.0.9.5\n', '10.0.9.5\n    modbus: { framing: ascii }\n') }, 'config/sites/alpha.yaml:64 devices.tank.modbus.framing: "ascii" is not valid; expected "tcp" or "rtu"'],
  ['a topic with a wildcard', { [site]: replace('alpha/climate/room', 'alpha/+/room') }, 'config/sites/alpha.yaml:67 devices.env-room.address: "alpha/+/room" is not an address; expected a topic without wildcards'],
  ['an address of an exception with a port beyond 65535', { [site]: replace("'10.0.2.1:502/40'", "'10.0.2.1:99999/40'") }, 'config/sites/alpha.yaml:26 rows.A-B.exceptions.B.2.feeds.A: "10.0.2.1:99999/40" is not an address; expected HOST, HOST:PORT or HOST:PORT/UNIT (unit 0 to 255), or /dev/LINE/UNIT for a serial line (unit 1 to 247)'],
  ['a generic module without a kind', { [site]: replace('    kind: ats\n', '') }, 'config/sites/alpha.yaml:42 devices.ats-a.kind: is missing; expected what the device is, since "generic/io" may be any'],
  ['a kind that contradicts the profile', { [site]: replace('device: ups-a\n', 'device: ups-a\n    kind: pac\n') }, 'config/sites/alpha.yaml:51 devices.ups-a.kind: "pac" contradicts the profile; expected "ups" or no kind'],
  ['two devices of one name', { [site]: replace('device: env-aisle', 'device: env-room') }, 'config/sites/alpha.yaml:68 devices.env-room.device: "env-room" is the name of a device already; expected a name of its own'],
  ['a device named as the owner of what the collector says of itself', { [site]: replace('device: tank', 'device: collector') }, 'config/sites/alpha.yaml:60 devices.collector.device: "collector" is the name of what the collector says of itself already; expected a name of its own'],
  ['a row declared twice', { [site]: replace('rows: [C]', 'rows: [C, A]') }, 'config/sites/alpha.yaml:30 rows.C-A.rows: row "A" is declared twice; expected every row of a site once'],
  [
    'a room declared twice',
    { [site]: replace('rows:\n', '  - { room: hall, kind: ocr, name: { id: X, en: X } }\nrows:\n') },
    'config/sites/alpha.yaml:12 rooms.hall.room: "hall" is declared twice; expected every room once',
  ],
  ['a device named as a room', { [site]: replace('device: tank', 'device: panel') }, 'config/sites/alpha.yaml:60 devices.panel.device: "panel" is the name of a room already; expected a name of its own'],
  ['a device named as a rack', { [site]: replace('device: tank', 'device: rack-a01') }, 'config/sites/alpha.yaml:60 devices.rack-a01.device: "rack-a01" is the name of a rack already; expected a name of its own'],
  ['a broker that does not exist', { [site]: replace('device: env-aisle,', 'device: env-aisle, broker: mian,') }, 'config/sites/alpha.yaml:68 devices.env-aisle.broker: "mian" is unknown; expected a broker of this site; did you mean "main"?'],
  ['certificates for a broker without TLS', { [site]: replace("{ url: 'mqtt://broker.test:1883' }", '{ url: mqtt://b, tls: { ca: ca.pem } }') }, 'config/sites/alpha.yaml:6 brokers.main.tls: needs an encrypted connection; expected a url that begins with mqtts://'],
  ['a client certificate without its key', { [site]: replace("{ url: 'mqtt://broker.test:1883' }", '{ url: mqtts://b, tls: { cert: c.pem } }') }, 'config/sites/alpha.yaml:6 brokers.main.tls.key: is missing; expected the private key of the certificate'],
  ['a group the profile lacks', { [site]: replace('device: ups-a\n', 'device: ups-a\n    parts: { outputs: [l1] }\n') }, 'config/sites/alpha.yaml:51 devices.ups-a.parts.outputs: "outputs" is unknown; expected a group of the profile; did you mean "output"?'],
  ['a part the profile lacks', { [site]: replace('device: pln-a,', 'device: pln-a, parts: { phase: [l1, l4] },') }, 'config/sites/alpha.yaml:41 devices.pln-a.parts.phase.1: "l4" is unknown; expected a part of the profile; did you mean "l1"?'],
  ['a limit of the maker for a quantity the device lacks', { [site]: replace('rating: { kw: 500', 'rating: { limits: { powr: { min: 5 } }, kw: 500') }, 'config/sites/alpha.yaml:59 devices.genset-1.rating.limits.powr: "powr" is unknown; expected a quantity or part/quantity of the device; did you mean "power"?'],
  ['a limit of the maker without a number', { [site]: replace('rating: { kw: 500', 'rating: { limits: { power: {} }, kw: 500') }, 'config/sites/alpha.yaml:59 devices.genset-1.rating.limits.power: a map is not valid; expected a "min" or a "max"'],
  ['limits of the maker with their ends swapped', { [site]: replace('rating: { kw: 500', 'rating: { limits: { power: { min: 5, max: 4 } }, kw: 500') }, 'config/sites/alpha.yaml:59 devices.genset-1.rating.limits.power: a map is not valid; expected "min" below "max"'],
  ['an override of a quantity the device lacks', { [site]: replace('l2/output-power', 'l3/output-power') }, 'config/sites/alpha.yaml:54 devices.ups-a.override.l3/output-power: "l3/output-power" is unknown; expected a quantity or part/quantity of the device; did you mean "l1/output-power"?'],
  ['an input the profile lacks', { [site]: replace('input: di2', 'input: dj2') }, 'config/sites/alpha.yaml:49 devices.ats-a.inputs.dj2.input: "dj2" is unknown; expected an input of the profile; did you mean "di2"?'],
  ['a state without names', { [site]: replace('quantity: level, unit: L', 'quantity: level, unit: state') }, 'config/sites/alpha.yaml:66 devices.tank.inputs.ai1.states: is missing; expected the names of the states, since the unit is "state"'],
  [
    'a zone of a fire panel without its room',
    { [site]: replace('device: env-room,', "device: panel-1, kind: fire-panel, profile: generic/io, address: 10.0.9.6, room: panel, inputs: [{ input: di1, part: zone-1, quantity: fire-alarm, unit: state, states: { '0': normal, '1': alarm } }] }\n  - { device: env-room,") },
    'config/sites/alpha.yaml:67 devices.panel-1.inputs.di1.quantity: "fire-alarm" names a zone, "zone-1", and no room; expected under "protects" the room of that part; or no "part" where the panel tells no zones apart: then it is about the whole site',
  ],
  ['two inputs for one quantity', { [site]: replace('quantity: source-2', 'quantity: source-1') }, 'config/sites/alpha.yaml:42 devices.ats-a: has "source-1" twice; expected each quantity of a part once'],
  ['a site the standard lacks', { [site]: replace('standard: alpha', 'standard: alfa') }, 'config/sites/alpha.yaml:3 standard: "alfa" is unknown; expected "alpha"; did you mean "alpha"?'],
  ['more racks than the standard allows', { [site]: replace('racks: 2', 'racks: 4') }, 'config/sites/alpha.yaml:12 rows: 10 racks are declared; expected at most 8 (I.1)'],
  ['a placeholder that does not exist', { [site]: replace("'10.0.{rowNumber}.2{number}'", "'10.0.{rowNumer}.2{number}'") }, 'config/sites/alpha.yaml:19 rows.A-B.feeds.B.address: placeholder "{rowNumer}" is unknown; expected one of {row}, {rowNumber}, {number}, {rack}, {feed}; did you mean "rowNumber"?'],
  ['a device of a whole row without parts', { [site]: replace("part: '{rack}-b', ", '') }, 'config/sites/alpha.yaml:36 rows.C.feeds.B.part: is missing; expected the part that measures a rack, since one device serves the row'],
  ['an exception for a row that is not there', { [site]: replace('      B:\n', '      D:\n') }, 'config/sites/alpha.yaml:22 rows.A-B.exceptions.D: row "D" is unknown; expected "A" or "B"'],
  ['an exception for a rack beyond the row', { [site]: replace('number: 2, absent', 'number: 4, absent') }, 'config/sites/alpha.yaml:39 rows.C.exceptions.C.4.number: 4 is beyond the row; expected 1 to 3'],
  ['a genset without its rated power', { [site]: replace('kw: 500', 'kva: 500') }, 'config/sites/alpha.yaml:59 devices.genset-1.rating.kw: is missing; expected the rated power of the genset, kW'],
  ['a rack that does not exist', { [site]: replace('device: env-aisle,', 'device: env-aisle, rack: rack-a09,') }, 'config/sites/alpha.yaml:68 devices.env-aisle.rack: "rack-a09" is unknown; expected a rack of this site; did you mean "rack-a01"?'],
  ['a site without a file', { 'pantau.yaml': replace('[alpha]', '[alpa]') }, 'config/pantau.yaml:2 sites.0: "alpa" is unknown; expected a file of sites/; did you mean "alpha"?'],
  ['a standard without a file', { 'pantau.yaml': replace('standard: test', 'standard: tst') }, 'config/pantau.yaml:3 standard: "tst" is unknown; expected a file of standards/; did you mean "test"?'],
  ['an interval that is no duration', { 'pantau.yaml': replace('2s', '2 seconds') }, 'config/pantau.yaml:4 intervals.power: "2 seconds" is not valid; expected a duration such as "500ms", "10s", "5m", "3h" or "1d"'],
  ['a key that stands twice', { 'pantau.yaml': (text) => `${text}field: real\n` }, 'config/pantau.yaml:5: a key stands twice in one map; expected every key once'],
  ['text that is not YAML', { 'rules/all.yaml': (text) => `${text}  - [\n` }, 'config/rules/all.yaml:15: not YAML: Flow sequence in block collection must be sufficiently indented and end with a ]; expected well-formed YAML; a text that holds { } [ ] , # or ": " stands in quotes'],
  ['an OID with an instance and no quotes', { 'profiles/ups/phases.yaml': (text) => `${text}      - { quantity: q, unit: V, column: 1, statusCell: { oid: 1.{instance}, bad: {} } }\n      - { quantity: r, unit: V, column: 2 }\n` }, 'config/profiles/ups/phases.yaml:19: not YAML: Unexpected flow-map-start at node end; expected well-formed YAML; a text that holds { } [ ] , # or ": " stands in quotes'],
  ['a rule for a state nothing can be in', { 'rules/all.yaml': replace('[lost]', '[loss]') }, 'config/rules/all.yaml:12 rules.source-lost.when.states.0: "loss" is unknown; expected "lost" or "available"; did you mean "lost"?'],
  ['a rule with a limit the standard lacks', { 'rules/all.yaml': replace('temperature.max', 'temperature.maximum') }, 'config/rules/all.yaml:6 rules.temperature-high.when.above.standard: "temperature.maximum" is not valid; expected "temperature.min", "temperature.max", "humidity.min", "humidity.max", "rack-power", "endurance", "ups-backup-time", "spare-gensets", "spare-ups" or "frame-rate"; did you mean "temperature.max"?'],
  ['a rule with an unknown condition', { 'rules/all.yaml': replace('above:', 'over:') }, 'config/rules/all.yaml:6 rules.temperature-high.when.over: "over" is an unknown key; expected one of above, below, states, source, deviates, from, stale'],
  ['a rule for a device that does not exist', { 'rules/all.yaml': replace('position: [inlet, room] }', 'device: [env-rom] }') }, 'config/rules/all.yaml:5 rules.temperature-high.points.device.0: "env-rom" is unknown; expected the id of a device; did you mean "env-room"?'],
  ['a rule for a rack that does not exist', { 'rules/all.yaml': replace('position: [inlet, room] }', 'rack: [A-9] }') }, 'config/rules/all.yaml:5 rules.temperature-high.points.rack.0: "A-9" is unknown; expected the label of a rack; did you mean "A-01"?'],
  ['a deviation from a quantity that nothing measures', { 'rules/all.yaml': replace('{ above: { standard: temperature.max } }', '{ deviates: { value: 5, source: x }, from: { quantity: [temperatur] } }') }, 'config/rules/all.yaml:6 rules.temperature-high.when.from.quantity.0: nothing has the quantity "temperatur"; expected a quantity that a profile reads; did you mean "temperature"?'],
  ['a low limit above the high one', { 'rules/all.yaml': addRule('low', '{ below: { value: 30, source: x } }') }, 'config/rules/all.yaml:6 rules.temperature-high.when.above: every value of alpha/env-room/temperature is above 27 or below 30, the limit of rule "low" (below 30); expected a limit above 30'],
  ['a deadband as wide as the band of two rules', { 'rules/all.yaml': addRule('low', '{ below: { value: 25, source: x } }', 'deadband: 2') }, 'config/rules/all.yaml:14 rules.low.deadband: 2 is as wide as the band of alpha/env-room/temperature between 25 and 27; expected less than 2'],
  ['HH that is reached before H', { 'rules/all.yaml': (text) => addRule('higher', '{ above: { value: 26, source: x } }', 'level: HH')(text.replace('    when: { above', '    level: H\n    when: { above')) }, 'config/rules/all.yaml:15 rules.higher.when.above: HH of alpha/env-room/temperature at 26 is reached before H of rule "temperature-high" at 27; expected a limit above 27'],
  ['a suppression that always holds', { 'rules/all.yaml': addRule('off', '{ above: { value: 28, source: x } }', 'suppressedWhen: [{ while: { on: site, quantity: [link], states: [lost, ok] }, reason: { id: X, en: X } }]') }, 'config/rules/all.yaml:14 rules.off.suppressedWhen.0.while.states: every state of "link" is named, so that the alarm is always suppressed; expected some of its states'],
  ['a suppression of life safety', { 'rules/all.yaml': addRule('fire', '{ above: { value: 28, source: x } }', 'lifeSafety: true, suppressedWhen: [{ during: permit, reason: { id: X, en: X } }]') }, 'config/rules/all.yaml:14 rules.fire.suppressedWhen: a list is not valid; expected nothing: alarms of life safety are never suppressed by design'],
  ['two rules of one name', { 'rules/all.yaml': replace('rule: source-lost', 'rule: temperature-high') }, 'config/rules/all.yaml:8 rules.temperature-high.rule: "temperature-high" is declared twice; expected every rule once'],
  [
    'a profile with a state without names',
    { 'profiles/ups/phases.yaml': (text) => text.replace(/ +states: .*\n/, '') },
    'config/profiles/ups/phases.yaml:8 points.output-source.states: is missing; expected the names of the states, since the unit is "state"',
  ],
  [
    'a profile with names for a number',
    { 'profiles/genset/set.yaml': replace('unit: L/h,', "unit: L/h, states: { '1': on },") },
    'config/profiles/genset/set.yaml:9 points.fuel-rate.states: is not allowed; expected no states with unit "L/h", or unit "state"',
  ],
  ['a range of sentinels with its ends swapped', { 'profiles/genset/set.yaml': replace('unit: kW,', "unit: kW, sentinels: { '9..2': no-value },") }, 'config/profiles/genset/set.yaml:8 points.power.sentinels.9..2: "9..2" is not a valid key; expected a raw value, or a range "LOW..HIGH" with the lower end first'],
  ['a profile with a unit in the wrong case', { 'profiles/genset/set.yaml': replace('unit: kW,', 'unit: kw,') }, 'config/profiles/genset/set.yaml:8 points.power.unit: "kw" is not valid; expected "°C", "°C/h", "%RH", "kW", "kWh", "kVA", "kvar", "V", "A", "Hz", "%", "kPa", "Pa", "L", "L/min", "L/h", "m³/h", "s", "rpm", "kg/m²", "%/m", "fps", "/s", "ratio", "count" or "state"; did you mean "kW"?'],
  ['a metric where the payload is JSON', { [climate]: replace('pointer: /humidity', 'pointer: /humidity, metric: Humidity') }, 'config/profiles/env/climate.yaml:9 points.humidity.metric: is not allowed, since the payload is "json"; expected a pointer, or payload: sparkplug'],
  ['a point without a metric where the payload is Sparkplug', { [climate]: sparkplug(', pointer: /humidity', '') }, 'config/profiles/env/climate.yaml:10 points.humidity.metric: is missing; expected the full name of the metric, as the birth of the node or device tells it'],
  ['a topic where the payload is Sparkplug', { [climate]: sparkplug('pointer: /humidity', 'metric: H, topic: a/b') }, 'config/profiles/env/climate.yaml:10 points.humidity.topic: is not allowed, since the payload is "sparkplug"; expected only metric names: topics, times, births and deaths are those of the standard'],
  ['a time where the payload is Sparkplug', { [climate]: sparkplug('silentAfter: 60s', 'silentAfter: 60s\ntime: { pointer: /t, format: iso }') }, 'config/profiles/env/climate.yaml:8 time: is not allowed, since the payload is "sparkplug"; expected only metric names: topics, times, births and deaths are those of the standard'],
  ['a topic as the address of a Sparkplug node', { [climate]: sparkplug('', ''), [site]: replace('alpha/climate/room', 'spBv1.0/alpha/NDATA/room') }, 'config/sites/alpha.yaml:67 devices.env-room.address: "spBv1.0/alpha/NDATA/room" is not an address; expected GROUP/NODE or GROUP/NODE/DEVICE, as the gateway names them (no topic)'],
  [
    'events whose numbers begin again, without a time to tell them apart',
    { [climate]: (text) => `${text}events:\n  - { id: [/number], restarts: true }\n` },
    'config/profiles/env/climate.yaml:11 events.0.restarts: has no time that tells the events apart; expected time: { pointer, format } of the event or the profile',
  ],
  ['a profile for an unknown protocol', { 'profiles/genset/set.yaml': replace('protocol: modbus', 'protocol: modbuss') }, 'config/profiles/genset/set.yaml:1 protocol: "modbuss" is not valid; expected "snmp", "modbus", "mqtt" or "push"; did you mean "modbus"?'],
  ['a calendar of another year than its name', { 'calendar/2026.yaml': replace('year: 2026', 'year: 2025') }, 'config/calendar/2026.yaml:1 year: 2025 is not the file\'s name; expected 2026'],
  ['a figure of the alarm system without its aim', { 'alarm-system/aims.yaml': (text) => text.replace(/^ {2}flood:.*$/m, '') }, 'config/alarm-system/aims.yaml:7 aims.flood: is missing; expected a map'],
];

/** A second site, whose one device is on the serial line that a device of the first one is on. */
function onOneLine(second: string): Changes {
  return {
    'pantau.yaml': replace('[alpha]', '[alpha, beta]'),
    'sites/alpha.yaml': replace('10.0.9.2:1502/7', '/dev/ttyUSB0/7'),
    'sites/beta.yaml': () => `name: Beta
building: Beta building
standard: alpha
impact: tinggi
${second}
rooms: [{ room: panel, kind: panel, name: { id: Panel, en: Panel } }]
devices:
  - device: pln-a
    profile: meter/modbus
    address: /dev/ttyUSB0/1
    room: panel
    feed: A
    role: incomer
    modbus: { serial: { baudRate: 19200 } }
`,
  };
}

test('one serial line with two settings is refused across sites, naming both, unless one site has its own collector', () => {
  expect(problemsWith(onOneLine('collector: local'))).toEqual([
    'config/sites/beta.yaml:14 devices.pln-a.modbus.serial: is "19200 8N1", but "9600 8N1" for alpha/ats-a on /dev/ttyUSB0; expected the same settings for all units of a line',
  ]);
  expect(problemsWith(onOneLine('collector: remote'))).toEqual([]);
});

describe('a mistake is told with its place, what was expected and the nearest name', () => {
  test.each(mistakes)('when there is %s', (_name, changes, message) => {
    expect(problemsWith(changes)).toEqual([message]);
  });
});
