import { describe, expect, test } from 'vitest';
import { decodePayload } from '../../../../collectors/drivers/mqtt/sparkplug/payload.ts';
import {
  step,
  unborn,
  type EdgeMessage,
  type EdgeState,
  type Step,
} from '../../../../collectors/drivers/mqtt/sparkplug/session.ts';
import { sparkplugPayload, type SentMetric } from '../../../support/sparkplug.ts';

const at = 1_764_000_000_000;
const message = (
  [type, device]: readonly [EdgeMessage['type'], string?],
  seq: number | undefined,
  metrics: readonly SentMetric[] = [],
): EdgeMessage => ({
  type,
  ...(device === undefined ? {} : { device }),
  payload: decodePayload(sparkplugPayload(seq, metrics, at)),
});
const bdSeq = (long: number): SentMetric => ({ name: 'bdSeq', type: 8, long });
const nodeBirth = (seq = 0, session = 5) =>
  message(['BIRTH'], seq, [bdSeq(session), { name: 'Load', alias: 1, type: 9, float: 40 }]);
const deviceBirth = (seq = 1) =>
  message(['BIRTH', 'ups'], seq, [{ name: 'Charge', alias: 2, type: 3, int: 99 }]);
const load = (seq: number, float = 50) => message(['DATA'], seq, [{ alias: 1, float }]);
const charge = (seq: number) => message(['DATA', 'ups'], seq, [{ alias: 2, int: 98 }]);

/** The last step of several. */
function after(...messages: EdgeMessage[]): Step {
  let state: EdgeState = unborn;
  let last: Step | undefined;
  for (const each of messages) {
    last = step(state, each);
    ({ state } = last);
  }
  if (last === undefined) throw new Error('no message');
  return last;
}
const names = ({ metrics }: Step) => metrics.map(({ name, value }) => [name, value]);

describe('An edge node', () => {
  test('is known by its aliases when it was born', () => {
    const last = after(nodeBirth(), deviceBirth(), load(2), charge(3));
    expect(names(last)).toEqual([['Charge', 98n]]);
    expect(last).toMatchObject({ alive: true, errors: [] });
    expect(last.rebirth).toBeUndefined();
    expect(names(after(nodeBirth(), deviceBirth(), load(2)))).toEqual([['Load', 50]]);
  });

  test('counts on at 0 when its number was 255', () => {
    expect(after(nodeBirth(254), deviceBirth(255), load(0)).rebirth).toBeUndefined();
  });

  test('is asked anew when a number is missing, and what it said is taken', () => {
    const last = after(nodeBirth(), deviceBirth(), charge(3));
    expect(last.rebirth).toBe('message 3 came after 1');
    expect(names(last)).toEqual([['Charge', 98n]]);
    expect(step(last.state, load(4)).rebirth).toBeUndefined();
  });

  test('is asked anew when data comes before its birth or that of its device', () => {
    expect(after(load(9))).toMatchObject({ rebirth: 'data came before the birth', metrics: [], alive: true });
    expect(after(nodeBirth(), charge(1)).rebirth).toBe('data came before the birth');
    expect(after(deviceBirth(4)).rebirth).toBe('a device was born before its node');
  });

  test('is asked anew when an alias was never told, and the rest is taken', () => {
    const last = after(
      nodeBirth(),
      message(['DATA'], 1, [
        { alias: 7, int: 1 },
        { alias: 1, float: 3 },
      ]),
    );
    expect(last.rebirth).toBe('alias 7 is not in the birth');
    expect(names(last)).toEqual([['Load', 3]]);
  });

  test('gives its aliases new meanings when it is born again', () => {
    const again = message(['BIRTH'], 0, [bdSeq(6), { name: 'Speed', alias: 1, type: 9, float: 1 }]);
    const last = after(nodeBirth(), deviceBirth(), again, load(1));
    expect(names(last)).toEqual([['Speed', 50]]);
    expect(step(last.state, charge(2)).rebirth).toBe('data came before the birth');
  });

  test('is lost with its devices when it dies', () => {
    const last = after(nodeBirth(), deviceBirth(), message(['DEATH'], undefined, [bdSeq(5)]));
    expect(last).toMatchObject({ lost: 'node', alive: false });
    expect(step(last.state, charge(2)).rebirth).toBe('data came before the birth');
  });

  test.each([
    ['the one before', 4, undefined],
    ['long before', 250, undefined],
    ['its own', 5, 'node'],
    ['one whose birth was missed', 6, 'node'],
  ])('takes a death of %s for what it is', (_which, session, lost) => {
    const last = after(nodeBirth(), message(['DEATH'], undefined, [bdSeq(session)]));
    expect(last.lost).toBe(lost);
    expect(step(last.state, load(1)).rebirth === undefined).toBe(lost === undefined);
  });

  test('is lost when its death names no session', () => {
    expect(after(nodeBirth(), message(['DEATH'], undefined)).lost).toBe('node');
  });

  test('loses one device when that dies', () => {
    const last = after(nodeBirth(), deviceBirth(), message(['DEATH', 'ups'], 2));
    expect(last).toMatchObject({ lost: 'device', alive: false });
    expect(names(step(last.state, load(3)))).toEqual([['Load', 50]]);
  });

  test('is not there by what it says of the past', () => {
    const old = { alias: 1, float: 1, historical: true };
    expect(after(nodeBirth(), message(['DATA'], 1, [{ ...old, at: at - 60_000 }]))).toMatchObject({
      alive: false,
      metrics: [{ name: 'Load', at: at - 60_000, isHistorical: true }],
    });
    expect(after(nodeBirth(), message(['DATA'], 1, [old]))).toMatchObject({
      metrics: [],
      errors: ['"Load" is of the past but has no time'],
    });
  });

  test('measured when the metric says, else when the message says', () => {
    const last = after(nodeBirth(), message(['DATA'], 1, [{ alias: 1, float: 1, at: at - 5 }]));
    expect([last.metrics[0]?.at, after(nodeBirth(), load(1)).metrics[0]?.at]).toEqual([at - 5, at]);
  });
});
