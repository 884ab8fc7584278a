import { expect, test } from 'vitest';
import type { RawValue } from '../../../collectors/drivers/driver.ts';
import { createListening } from '../../../collectors/drivers/mqtt/listening.ts';
import { deviceReadings } from '../../../collectors/diagnostics/tally.ts';
import { fieldModel, shippedProfile, silentLog } from '../../support/field.ts';

const now = Date.parse('2026-08-17T03:00:00Z');
const hour = 3_600_000;

/** A meter that sends its time, listened to for some minutes. */
function listening() {
  const model = fieldModel([
    {
      id: 'meter',
      profile: shippedProfile('meter/shelly-3em'),
      address: {
        protocol: 'mqtt',
        broker: { key: 't/main', url: 'mqtt://127.0.0.1' },
        topic: 'shelly/meter',
      },
    },
  ]);
  const [device] = model.devices;
  const point = device?.points[0];
  if (device === undefined || point === undefined) throw new Error('no device');
  const heard = createListening(device, { silentAfterMs: 60_000, log: silentLog });
  return {
    watch: heard.watch,
    clockError: () => {
      const { index } = device.diagnostics.find(({ quantity }) => quantity === 'clock-error') ?? {
        index: -1,
      };
      return deviceReadings(heard.watch.diagnostics(), now).find((reading) => reading.point === index)?.value;
    },
    /** Times of the readings, relative to their arrival. */
    take: (second: number, offsetMs: number, isPast = false): number[] => {
      const at = now + second * 1_000;
      const raw: RawValue = { point, raw: 230, at: at + offsetMs };
      return heard.decode([raw], { at, monotonic: second * 1_000 }, isPast).map((reading) => reading.at - at);
    },
  };
}

test('live values of a clock in another zone, of 1970 or of years ahead hold at their arrival', () => {
  for (const offset of [-7 * hour, 7 * hour, -now, 87_600 * hour]) {
    const { take, clockError } = listening();
    expect([0, 30, 61].flatMap((second) => take(second, offset))).toEqual([0, 0, 0]);
    expect(clockError()).toBe(Math.abs(offset) / 1_000);
  }
});

test('a clock that is wrong says so once, and no more when it is right', () => {
  const { take, watch, clockError } = listening();
  take(0, 7 * hour);
  expect(watch.diagnostics().lastError).toBe('its clock is 25200 s ahead: live values hold at their arrival');
  expect(take(5, -400)).toEqual([-400]);
  expect(clockError()).toBe(0.4);
});

test('what is of the past keeps its time, and says nothing of the clock; without one that can be right it is refused and counted', () => {
  const { take, watch, clockError } = listening();
  expect(take(0, -24 * hour, true)).toEqual([-24 * hour]);
  expect(take(1, -now, true)).toEqual([]);
  expect(watch.diagnostics()).toMatchObject({ decodeErrors: 1, clockOffsetMs: undefined });
  expect(clockError()).toBeUndefined();
});
