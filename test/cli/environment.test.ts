import { expect, test } from 'vitest';
import { readEnvironment, trapPlace } from '../../cli/environment.ts';
import { modelWith, replace } from '../config/support.ts';

const { model: silent } = modelWith();

test('traps are received nowhere unless somebody says where', () => {
  expect(trapPlace(readEnvironment({}), silent)).toBeUndefined();
  expect(trapPlace(readEnvironment({ PANTAU_TRAP_PORT: '10162' }), silent)).toEqual({ port: 10_162 });
});

test('PANTAU_TRAP_PORT wins over the port of pantau.yaml, whose address stays', () => {
  const traps = replace('standard:', 'traps: { port: 162, host: 10.0.0.5 }\nstandard:');
  const { model } = modelWith({ 'pantau.yaml': traps });
  expect(trapPlace(readEnvironment({}), model)).toEqual({ port: 162, host: '10.0.0.5' });
  expect(trapPlace(readEnvironment({ PANTAU_TRAP_PORT: '10162' }), model)).toEqual({ port: 10_162, host: '10.0.0.5' }); // prettier-ignore
});

test('a port that is none is refused with what was found', () => {
  expect(() => readEnvironment({ PANTAU_TRAP_PORT: '70000' })).toThrow(/PANTAU_TRAP_PORT: .*found "70000"/);
});

test.each(['PANTAU_ADMIN_PASSWORD', 'PANTAU_INFLUX_URL'])('%s is refused without its value', (name) => {
  const secret = 'hunter2';
  const refusal = (): unknown => readEnvironment({ [name]: secret });
  expect(refusal).toThrow(name);
  expect(refusal).toThrow('its value is not shown');
  expect(refusal).not.toThrow(secret);
});
