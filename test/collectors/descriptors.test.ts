import { describe, expect, test } from 'vitest';
import { descriptorRemedy, socketsNeeded } from '../../collectors/descriptors.ts';
import { fieldModel } from '../support/field.ts';
import { modbusMeter } from './poller/meters.ts';

const limits = (hard: number | string): string =>
  `Limit                     Soft Limit           Hard Limit           Units\nMax open files            1024                 ${hard}                 files\n`;

describe('file descriptors', () => {
  test('one is needed for all units behind a Modbus gateway', () => {
    const model = fieldModel([modbusMeter('a', 502, 1), modbusMeter('b', 502, 2), modbusMeter('c', 503, 1)]);
    expect(socketsNeeded(model.devices)).toBe(2);
  });

  test('too few of them are told with the remedy', () => {
    expect(descriptorRemedy(900, limits(1_024))).toMatch(/900 sockets .* 1024 .*LimitNOFILE=1400/);
  });

  test.each([
    ['enough', limits(4_096)],
    ['unlimited', limits('unlimited')],
    ['unknown', undefined],
  ])('nothing is said when they are %s', (_what, text) => {
    expect(descriptorRemedy(900, text)).toBeUndefined();
  });
});
