import { describe, expect, test } from 'vitest';
import { matches, planRoutes } from '../../../collectors/drivers/mqtt/routes.ts';
import { fieldModel, shippedProfile } from '../../support/field.ts';

test.each([
  ['a/b', 'a/b', true],
  ['a/+', 'a/b', true],
  ['a/+', 'a/b/c', false],
  ['a/+/c', 'a/b/c', true],
  ['a/#', 'a/b/c', true],
  ['a/#', 'a', true],
  ['#', 'a/b', true],
  ['a/b', 'a', false],
  ['a', 'a/b', false],
])('filter %s and topic %s: %s', (filter, topic, expected) => {
  expect(matches(filter, topic)).toBe(expected);
});

describe('the topics of a broker', () => {
  const broker = { key: 't/main', url: 'mqtt://127.0.0.1' };
  const model = fieldModel([
    {
      id: 'gateway',
      profile: shippedProfile('meter/mqtt-rack-gateway'),
      address: { protocol: 'mqtt', broker, topic: 'drc/power/row-a' },
      parts: { 'rack-feed': ['a01-a', 'a01-b'] },
    },
    {
      id: 'climate',
      profile: shippedProfile('env/mqtt-climate'),
      address: { protocol: 'mqtt', broker, topic: 'drc/climate/a01' },
    },
  ]);
  const routes = planRoutes(model.devices);

  test('are exactly those that some point is read from, each once', () => {
    expect(routes.filters).toEqual([
      'drc/power/row-a/a01-a',
      'drc/power/row-a/a01-b',
      'drc/climate/a01',
      'drc/climate/a01/availability',
    ]);
  });

  test('lead to the points of their part only', () => {
    const [route] = routes.find('drc/power/row-a/a01-b');
    expect(new Set(route?.points.map(({ point }) => point.part))).toEqual(new Set(['a01-b']));
    expect(routes.find('drc/power/row-a')).toEqual([]);
  });
});
