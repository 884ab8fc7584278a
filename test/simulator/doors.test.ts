import { describe, expect, test } from 'vitest';
import { createTraffic, type Door } from '../../simulator/doors/traffic.ts';
import { cardsOnShift } from '../../simulator/doors/staff.ts';
import { faults } from '../../simulator/physics/faults.ts';
import { shippedModel } from '../server/support/server.ts';

const morning = Date.UTC(2026, 10, 23, 2);
const door = 'dc/door-hall-1/door-1';
const at = (state: Door['state']): Door[] => [{ key: door, state }];
const moment = (second: number, more: Parameters<typeof faults>[0] = {}) => ({
  atMs: morning + second * 1_000,
  cards: ['8165722', '8165759'],
  faults: faults(more),
});

describe('traffic at a door', () => {
  test('a door that opens was opened with a card of the shift, and closes again', () => {
    const traffic = createTraffic(1);
    expect(traffic.look(at('closed'), moment(0))).toEqual([]);
    const opened = traffic.look(at('open'), moment(1));
    expect(opened).toMatchObject([
      { typeText: 'swipe', granted: true, direction: 1 },
      { reasonText: 'door opened' },
    ]);
    expect(['8165722', '8165759']).toContain(opened[0]?.card);
    expect(traffic.look(at('open'), moment(2))).toEqual([]);
    expect(traffic.look(at('closed'), moment(7))).toMatchObject([{ reasonText: 'door closed' }]);
  });

  test('the same card leaves after it has entered', () => {
    const traffic = createTraffic(1);
    const directions = [];
    for (let second = 0; second < 20; second += 2) {
      traffic.look(at('closed'), { ...moment(second), cards: ['1'] });
      directions.push(traffic.look(at('open'), { ...moment(second + 1), cards: ['1'] })[0]?.direction);
    }
    expect(directions).toEqual([1, 2, 1, 2, 1, 2, 1, 2, 1, 2]);
  });

  test.each([
    ['strangers', ['swipe:denied (no access rights)']],
    ['duress', ['threat']],
    ['unticketed', ['swipe', 'door opened', 'door closed']],
    ['tailgated', ['swipe', 'door opened', 'door closed', 'door opened', 'door closed']],
  ] as const)('during the drill %s it reports %j', (fault, reasons) => {
    const traffic = createTraffic(1);
    expect(
      traffic.look(at('closed'), moment(0, { [fault]: [door] })).map(({ reasonText }) => reasonText),
    ).toEqual(reasons);
  });

  test('an unknown card is tried again and again, the rest happens once, also when it begins meanwhile', () => {
    const traffic = createTraffic(1);
    const seconds = Array.from({ length: 60 }, (_, second) => second);
    const all = seconds.flatMap((second) =>
      traffic.look(
        at('closed'),
        moment(second, { strangers: [door], ...(second < 5 ? {} : { duress: [door] }) }),
      ),
    );
    expect(all.map(({ reasonText }) => reasonText)).toEqual([
      'swipe:denied (no access rights)',
      'threat',
      'swipe:denied (no access rights)',
      'swipe:denied (no access rights)',
    ]);
  });
});

test('who comes and goes is on shift: two of a team, and others at night', () => {
  const { people } = shippedModel();
  const day = cardsOnShift(people, morning);
  const night = cardsOnShift(people, morning + 16 * 3_600_000);
  expect(day).toHaveLength(2);
  expect(night).toHaveLength(2);
  expect(night).not.toEqual(day);
});
