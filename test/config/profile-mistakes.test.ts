import { describe, expect, test } from 'vitest';
import { problemsWith, replace, type Changes } from './support.ts';

const ups = 'profiles/ups/phases.yaml';
const file = `config/${ups}`;
const extended = (more: string): Changes => ({
  [ups]: replace('interval: slow }', `interval: slow, ${more} }`),
});
const trapsIn = (set: string): ((text: string) => string) =>
  replace('interval: power\n', `interval: power\ntraps:\n  - { trap: 1.3.6.1.2.1.33.2.1, sets: [${set}] }\n`);
const withTraps = (set: string): Changes => ({ [ups]: trapsIn(set) });

/** One mistake a row: what is changed, and the whole of what is said about it. */
// prettier-ignore
const mistakes: readonly [string, Changes, string][] = [
  ['an instance in an OID that nothing tells of', { [ups]: replace('33.1.4.4.1\n', '33.{instance}.4.4.1\n') }, `${file}:1 instances: is missing; expected where the instances stand (below) and which is read by default, since an OID holds {instance}`],
  ['instances that no OID names', { [ups]: replace('interval: power\n', 'interval: power\ninstances: { below: 1.3.6.1, default: "1" }\n') }, `${file}:7 instances: is of no use; expected an OID that holds {instance}`],
  ['an instance for a device whose profile knows none', { 'sites/alpha.yaml': replace('device: ups-a\n', 'device: ups-a\n    instance: "1"\n') }, 'config/sites/alpha.yaml:51 devices.ups-a.instance: is not allowed with "ups/phases"; expected a profile of several devices behind one agent (instances)'],
  ['an instance that is no arcs', { 'sites/alpha.yaml': replace('device: ups-a\n', 'device: ups-a\n    instance: first\n') }, 'config/sites/alpha.yaml:51 devices.ups-a.instance: "first" is not valid; expected dotted arcs, e.g. "1.3"'],
  ['a trap that sets what nobody reads', withTraps('{ quantity: output-sauce, value: 5 }'), `${file}:8 traps.0.sets.output-sauce.quantity: "output-sauce" is unknown; expected a quantity of this profile; did you mean "output-source"?`],
  ['a trap that sets a state that is none', withTraps('{ quantity: output-source, value: 4 }'), `${file}:8 traps.0.sets.output-source.value: 4 is no state of "output-source"; expected one of "2", "3", "5"`],
  ['a trap that sets every part alike', withTraps('{ quantity: output-power, value: 5 }'), `${file}:8 traps.0.sets.output-power.part: is missing; expected the name of a part, unless the parts are named by {index} (or {name}) and a varbind tells it (from, row)`],
  ['a trap that sets a part of what has none', withTraps('{ quantity: output-source, part: l1, value: 5 }'), `${file}:8 traps.0.sets.output-source.part: is not allowed; expected no part, since the quantity has no parts`],
  ['a trap that sets a row of what has none', withTraps('{ quantity: output-source, row: 1.3.6.1.4.1.1, value: 5 }'), `${file}:8 traps.0.sets.output-source.row: is not allowed; expected no row, since the quantity has no parts`],
  ['a trap that names both part and row', withTraps('{ quantity: output-power, part: l1, row: 1.3.6.1.4.1.1, value: 5 }'), `${file}:8 traps.0.sets.output-power.row: is not allowed; expected no row, since the part is named`],
  ['a trap that sets what needs other cells', { [ups]: (text) => trapsIn('{ quantity: output-power, from: 1.3.6.1.4.1.1 }')(replace('interval: slow }', 'interval: slow, counter: 32 }')(text)) }, `${file}:8 traps.0.sets.output-power.quantity: "output-power" cannot be told by a trap alone; expected a quantity that is no counter and needs no other cell (scaleCells, statusCell)`],
  ['a trap that sets from a varbind what another cell may call bad', { [ups]: (text) => trapsIn('{ quantity: output-power, from: 1.3.6.1.4.1.1 }')(replace('interval: slow }', "interval: slow, statusCell: { column: 2, bad: { '2': no-value } } }")(text)) }, `${file}:8 traps.0.sets.output-power.quantity: "output-power" cannot be told by a trap alone; expected a quantity that is no counter and needs no other cell (scaleCells, statusCell)`],
  ['a trap that sets from nowhere', withTraps('{ quantity: output-source }'), `${file}:8 traps.0.sets.output-source.value: is missing; expected a number or text`],
  ['a label that does not exist', { [ups]: replace('part: l{index}', "labels: { unit: { column: 2 } }\n    part: '{unt}'") }, `${file}:16 tables.output.part: {unt} is unknown; expected {index}, {index.N}, {index.text}, {name} or one of the labels; did you mean "unit"?`],
  ['a cell of units without units', extended('scaleCells: [{ column: 5, kind: units }]'), `${file}:18 tables.output.points.output-power.scaleCells.0.units: is missing; expected what the cell says → factor or unit, with kind "units" and no other`],
  ['units for a cell of digits', extended("scaleCells: [{ column: 5, kind: digits, units: { 'mA': 0.001 } }]"), `${file}:18 tables.output.points.output-power.scaleCells.0.units: is not allowed; expected what the cell says → factor or unit, with kind "units" and no other`],
  ['the presence of a row as a number', extended('presence: true, presentWhere: 1.3.6.1.2.1.33.1.6.1.0'), `${file}:18 tables.output.points.output-power.unit: "kW" cannot be whether a row is there; expected "state", with names for 0 and 1`],
  ['calm taken from a missing row', { [ups]: replace('unit: kW, column: 4, scale: 0.001, interval: slow }', "unit: state, column: 4, presence: true, states: { '0': normal, '1': alarm } }") }, `${file}:18 tables.output.points.output-power.presentWhere: is missing; expected the OID at which the agent counts the rows of this table, since without it an absent row says nothing`],
  ['a count of rows that nothing asks for', extended('presentWhere: 1.3.6.1.2.1.33.1.6.1.0'), `${file}:18 tables.output.points.output-power.presentWhere: is of no use; expected presence: true beside it`],
  ['a quantity that is the collector’s own', { [ups]: replace('quantity: output-power', 'quantity: timeouts') }, `${file}:18 tables.output.points.timeouts.quantity: "timeouts" is what the collector says of every device; expected another name`],
  ['an expression that is none', extended("match: '(1'"), `${file}:18 tables.output.points.output-power.match: "(1" is not valid; expected a regular expression`],
  ['a scale for states', { [ups]: replace('unit: state\n', 'unit: state\n    scale: 0.1\n') }, `${file}:10 points.output-source.scale: has no effect on states; expected no scale, or no states`],
  ['a state that no rule knows', { [ups]: replace("'5': battery", "'5': battery, '9': hardware-failure-bypass") }, `${file}:11 points.output-source.states.9: "hardware-failure-bypass" is no state of "output-source"; expected "normal", "eco", "booster", "reducer", "battery", "test", "bypass", "overload", "none" or "other", with the maker's name as "word"`],
  ['another cell that makes a state of nothing', { [ups]: replace('    oid: 1.3.6.1.2.1.33.1.4.1.0\n', "    oid: 1.3.6.1.2.1.33.1.4.1.0\n    insteadWhile: { oid: 1.3.6.1.2.1.33.1.7.3.0, is: ['5'], of: ['5'], raw: test }\n") }, `${file}:11 points.output-source.insteadWhile.raw: "test" is no state of this value; expected "2", "3" or "5"`],
  ['a state that no rule knows, of an input', { 'sites/alpha.yaml': replace("'0': lost, '1': available } }", "'0': gone, '1': available } }") }, 'config/sites/alpha.yaml:48 devices.ats-a.inputs.di1.states.0: "gone" is no state of "source-1"; expected "available" or "lost", with the maker\'s name as "word"'],
  ['a counter of states', { [ups]: replace('unit: state\n', 'unit: state\n    counter: 32\n') }, `${file}:10 points.output-source.counter: has no effect on states; expected no counter, or no states`],
  ['text in a register', { 'profiles/meter/modbus.yaml': replace('address: 100, type: f32', 'address: 100, type: f32, text: number') }, 'config/profiles/meter/modbus.yaml:7 points.power.text: has no effect with protocol "modbus"; expected no text, since a register is never text'],
  ['a broker for a device without one', { 'sites/alpha.yaml': replace('device: ups-a\n', 'device: ups-a\n    broker: main\n') }, 'config/sites/alpha.yaml:51 devices.ups-a.broker: is not allowed with "ups/phases"; expected no broker, since the device speaks snmp'],
];

describe('a mistake in an SNMP profile is told with its place, what was expected and the nearest name', () => {
  test.each(mistakes)('when there is %s', (_name, changes, message) => {
    expect(problemsWith(changes)).toEqual([message]);
  });
});
