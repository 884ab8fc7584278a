import { expect, test } from 'vitest';
import { modelWith, problemsWith, replace, type Changes } from './support.ts';

const site = 'sites/alpha.yaml';

/** A further map of the card of `ups-a`. */
const further = `protocol: snmp
kind: ups
maker: any
model: Standard
source: test
points:
  - { quantity: output-source, unit: state, oid: 1.3.6.1.2.1.33.1.1.0, states: { '3': normal, '5': battery } }
  - { quantity: battery-voltage, unit: V, oid: 1.3.6.1.2.1.33.1.2.0 }
tables:
  - group: other-output
    entry: 1.3.6.1.2.1.33.1.4.5.1
    part: 'phase-{index}'
    parts: [phase-1]
    points:
      - { quantity: output-power, unit: kW, column: 4 }
      - { quantity: output-load, unit: '%', column: 5 }
`;

function completedBy(entry: string, profile = further): Changes {
  return {
    'profiles/ups/further.yaml': () => profile,
    [site]: replace('    profile: ups/phases\n', `    profile: ups/phases\n    completedBy: ${entry}\n`),
  };
}

/** `part/quantity` of what is read from the UPS; with the profile, where it is not the UPS's own. */
function readsWith(changes: Changes): string[] {
  const device = modelWith(changes).model.deviceById.get('alpha/ups-a');
  return (device?.points ?? []).map(({ part, quantity, source }) => {
    const by = source.from === 'device' && source.by !== undefined ? ` by ${source.by}` : '';
    return `${part === undefined ? '' : `${part}/`}${quantity}${by}`;
  });
}

const own = ['output-source', 'l1/output-power', 'l2/output-power'];

test('a further profile adds the quantities that the device’s own lacks, and no other', () => {
  expect(readsWith(completedBy('[ups/further]'))).toEqual([
    ...own,
    'battery-voltage by ups/further',
    'phase-1/output-load by ups/further',
  ]);
});

test('what is named under "instead" is read by the further profile alone', () => {
  const entry = '[{ profile: ups/further, instead: [output-source, output-power] }]';
  const changes = completedBy(entry);
  const withoutOverride = (text: string): string =>
    text.replace(', l2/output-power: { plausible: [0, 99] }', '');
  expect(readsWith({ ...changes, [site]: (text) => withoutOverride(changes[site]?.(text) ?? '') })).toEqual([
    'output-source by ups/further',
    'battery-voltage by ups/further',
    'phase-1/output-power by ups/further',
    'phase-1/output-load by ups/further',
  ]);
});

// prettier-ignore
const mistakes: readonly [string, Changes, string][] = [
  ['an unknown profile', completedBy('[ups/furthr]'), 'completedBy.0: "ups/furthr" is unknown; expected a profile; did you mean "ups/further"?'],
  ['the device’s own profile', completedBy('[ups/phases]'), 'completedBy.0: "ups/phases" is there already; expected every profile once'],
  ['a profile twice', completedBy('[ups/further, ups/further]'), 'completedBy.1: "ups/further" is there already; expected every profile once'],
  ['a profile of another protocol', completedBy('[genset/set]'), 'completedBy.0: "genset/set" is for modbus; expected a profile for snmp, since the same agent answers'],
  ['a profile of another kind', completedBy('[pdu/phases]'), 'completedBy.0: "pdu/phases" reads a pdu, and the device is a ups; expected a profile of the same kind; the pdu behind this agent is a device of its own with the same address'],
  ['a profile that adds nothing', completedBy('[ups/further]', further.slice(0, further.indexOf('  - { quantity: battery'))), 'completedBy.0: "ups/further" adds nothing to "ups/phases"; expected a profile with a quantity that the device lacks, or quantities under "instead"'],
  ['an unknown quantity under "instead"', completedBy('[{ profile: ups/further, instead: [output-sorce] }]'), 'completedBy.0.instead.0: "output-sorce" is unknown; expected a quantity or part/quantity of "ups/further"; did you mean "output-source"?'],
  ['a quantity under "instead" that only one has', completedBy('[{ profile: ups/further, instead: [battery-voltage] }]'), 'completedBy.0.instead.0: "battery-voltage" is in no profile before this one; expected a quantity that both have; what only this one has is taken from it anyway'],
];

test.each(mistakes)('%s is refused with its place and remedy', (_name, changes, message) => {
  const problems = problemsWith(changes);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain(`devices.ups-a.${message}`);
});

test('a Modbus device is completed by no profile', () => {
  const changes = { [site]: replace('device: tank\n', 'device: tank\n    completedBy: [ups/phases]\n') };
  expect(problemsWith(changes)).toEqual([
    'config/sites/alpha.yaml:61 devices.tank.completedBy: is not allowed with "generic/io"; expected no completedBy, since the device speaks modbus',
  ]);
});

test('several devices at one address are carried by one gateway', () => {
  const { model } = modelWith({
    [site]: (text) =>
      `${text}  - { device: ups-a-pdu, profile: pdu/phases, address: '10.0.9.3:161', room: panel }\n`,
  });
  const carriers = model.topology.edges.filter(
    ({ type, to }) => type === 'carries' && to.startsWith('alpha/ups-a'),
  );
  expect(carriers.map(({ from, to }) => `${from} ${to}`)).toEqual([
    'alpha/gateway:10.0.9.3:161 alpha/ups-a',
    'alpha/gateway:10.0.9.3:161 alpha/ups-a-pdu',
  ]);
});
