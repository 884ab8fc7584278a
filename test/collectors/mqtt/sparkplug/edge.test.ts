import { describe, expect, test } from 'vitest';
import { createHost } from '../../../../collectors/drivers/mqtt/sparkplug/host.ts';
import { createListening } from '../../../../collectors/drivers/mqtt/listening.ts';
import { fieldModel, recorder, shippedProfile, silentLog } from '../../../support/field.ts';
import { sparkplugPayload, type SentMetric } from '../../../support/sparkplug.ts';

const start = Date.UTC(2026, 10, 24, 3);
const second = 1_000;
const minute = 60 * second;
const instant = (at: number) => ({ at, monotonic: at - start });

/** A gateway and a genset behind it, whose messages are put in by hand at times of our own. */
function field() {
  const profile = shippedProfile('generic/sparkplug');
  const broker = { key: 't/main', url: 'mqtt://127.0.0.1' };
  const model = fieldModel([
    {
      id: 'genset',
      profile,
      address: { protocol: 'mqtt', broker, topic: 'G/gw/genset' },
      inputs: [
        { input: 'power', quantity: 'power', unit: 'kW' },
        { input: 'energy', quantity: 'energy', unit: 'kWh' },
      ],
    },
    {
      id: 'gateway',
      profile,
      address: { protocol: 'mqtt', broker, topic: 'G/gw' },
      inputs: [{ input: 'temperature', quantity: 'temperature', unit: '°C' }],
    },
  ]);
  const silentAfterMs = 15 * minute;
  const listenings = new Map(
    model.devices.map((device) => [device, createListening(device, { silentAfterMs, log: silentLog })]),
  );
  const host = createHost(listenings, silentLog);
  const seen = recorder(model);
  const asked: number[] = [];
  const put = (topic: string, payload: Buffer, now: number, retained = false) =>
    seen.sink(host.receive(`spBv1.0/G/${topic}`, { payload, retained }, instant(now)));
  const say = (topic: string, seq: number, metrics: readonly SentMetric[], now = start) =>
    put(topic, sparkplugPayload(seq, metrics), now);
  return {
    host,
    seen,
    asked,
    put,
    say,
    birth: (now = start) => {
      say('NBIRTH/gw', 0, [{ name: 'Temperature', alias: 1, type: 9, float: 21 }], now);
      const power = { name: 'Power', alias: 2, type: 9, float: 400 };
      say('DBIRTH/gw/genset', 1, [power, { name: 'Energy', alias: 3, type: 8, long: 7 }], now);
    },
    tick: (now: number) =>
      seen.sink(
        host.tick(instant(now), () => {
          asked.push((now - start) / second);
          return true;
        }),
      ),
    health: (id: string) =>
      [...listenings].flatMap(([device, { watch }]) => (device.id === id ? [watch.diagnostics()] : []))[0],
  };
}

describe('An edge node', () => {
  test('has no value where its birth lacks a metric that is wanted', () => {
    const { say, seen, health } = field();
    say('NBIRTH/gw', 0, []);
    say('DBIRTH/gw/genset', 1, [{ name: 'Power', type: 9, float: 1 }]);
    expect(seen.picture()).toEqual({
      'gateway/temperature': '!no-value',
      'gateway/link': 'ok',
      'genset/power': '1',
      'genset/energy': '!no-value',
      'genset/link': 'ok',
    });
    expect(health('genset')?.lastError).toBe('its birth has no metric "Energy" (1 lacking)');
  });

  test('has no value where it says null, and no number where it sends none', () => {
    const { say, birth, seen, health } = field();
    birth();
    say('DDATA/gw/genset', 2, [
      { alias: 2, isNull: true },
      { alias: 3, text: 'many' },
    ]);
    expect(seen.picture()).toMatchObject({ 'genset/power': '!no-value', 'genset/energy': '!decode' });
    expect(health('genset')).toMatchObject({ decodeErrors: 1, malformed: 0 });
  });

  test('loses only the device that dies', () => {
    const { say, birth, seen } = field();
    birth();
    say('DDEATH/gw/genset', 2, []);
    expect(seen.picture()).toMatchObject({
      'genset/link': 'lost',
      'genset/power': '!disconnected',
      'gateway/link': 'ok',
      'gateway/temperature': '21',
    });
  });

  test('tells of the past without being there', () => {
    const { say, seen, health } = field();
    const old = { name: 'Temperature', type: 9, float: 5, historical: true, at: start - minute };
    say('NDATA/gw', 0, [old]);
    expect(seen.last('t/gateway/temperature')).toEqual({ value: 5, at: start - minute, quality: 'good' });
    expect(health('gateway')).toMatchObject({ state: 'unknown', polls: 0 });
  });

  test('is heard by what the devices behind it say, and they not by what it says', () => {
    const { say, health } = field();
    say('DDATA/gw/other', 0, []);
    say('NDATA/gw', 1, []);
    expect([health('gateway')?.polls, health('genset')?.state]).toEqual([2, 'unknown']);
  });

  test('is neither there nor gone by messages the broker kept', () => {
    const { put, birth, seen, health } = field();
    put('NBIRTH/gw', sparkplugPayload(0, [{ name: 'Temperature', type: 9, float: 5 }]), start, true);
    expect([seen.picture(), health('gateway')?.state]).toEqual([{}, 'unknown']);
    birth();
    put('NDEATH/gw', sparkplugPayload(undefined, []), start, true);
    expect(seen.picture()).toMatchObject({ 'gateway/link': 'ok', 'gateway/temperature': '21' });
  });

  test('is not asked for a birth while all is well', () => {
    const { birth, say, tick, asked } = field();
    birth();
    for (let at = second; at < 5 * minute; at += second) tick(start + at);
    say('DDATA/gw/genset', 2, [{ alias: 2, float: 1 }], start + 5 * minute);
    tick(start + 5 * minute);
    expect(asked).toEqual([]);
  });

  test('is asked when it is silent for half the time after which it is lost, and no longer when its birth comes', () => {
    const { birth, tick, asked } = field();
    birth();
    tick(start + 7 * minute);
    tick(start + 8 * minute);
    expect(asked).toEqual([480]);
    birth(start + 8 * minute);
    tick(start + 9 * minute);
    expect(asked).toEqual([480]);
  });

  test('is asked at a new connection, and more and more rarely when no birth comes', () => {
    const { host, tick, asked } = field();
    host.connected();
    for (let at = 0; at <= 5 * minute; at += second) tick(start + at);
    expect(asked).toEqual([0, 10, 30, 70, 150]);
  });

  test('is not asked while there is no connection', () => {
    const { host, seen } = field();
    host.connected();
    let tried = 0;
    const nowhere = () => {
      tried += 1;
      return false;
    };
    seen.sink(host.tick(instant(start), nowhere));
    seen.sink(host.tick(instant(start + second), nowhere));
    expect(tried).toBe(2);
  });

  test('keeps what it does not tell again from going stale while it is heard, and not after a gap', () => {
    const { birth, say, tick, seen } = field();
    birth();
    say('DDATA/gw/genset', 2, [{ alias: 2, float: 1 }], start + 7 * minute);
    tick(start + 8 * minute);
    birth(start + 8 * minute);
    say('DDATA/gw/genset', 2, [{ alias: 2, float: 2 }], start + 14 * minute);
    say('NDATA/gw', 3, [{ alias: 1, float: 22 }], start + 14 * minute);
    tick(start + 16 * minute);
    const repeated = { value: 7, at: start + 16 * minute, quality: 'good' };
    expect(seen.last('t/genset/energy')).toEqual(repeated);
    expect(seen.last('t/genset/power')?.at).toBe(start + 14 * minute);
    say('NDATA/gw', 9, [{ alias: 1, float: 22 }], start + 20 * minute);
    tick(start + 24 * minute);
    expect(seen.last('t/genset/energy')).toEqual(repeated);
  });

  test('counts what is no payload under the device that sent it, else under its node', () => {
    const { put, health } = field();
    put('DDATA/gw/genset', Buffer.from('Online'), start);
    put('DDATA/gw/other', Buffer.from('Online'), start);
    put('NDATA/gw', Buffer.alloc(1_000_001), start);
    put('STATE/gw', Buffer.from('Online'), start);
    expect([health('genset')?.malformed, health('gateway')?.malformed]).toEqual([1, 2]);
    expect(health('gateway')?.lastError).toBe(
      'no Sparkplug payload in a message of G/gw: a message of 1000001 bytes',
    );
  });

  test('is read by the newest of each topic when it floods, counted, and asked anew', () => {
    const { birth, say, tick, seen, asked, health } = field();
    birth();
    for (let index = 0; index < 5_000; index += 1)
      say('NDATA/gw', (index + 2) % 256, [{ alias: 1, float: index }]);
    tick(start + second);
    expect(seen.last('t/gateway/temperature')?.value).toBe(4_999);
    expect(health('gateway')?.skipped).toBeGreaterThan(4_000);
    expect(seen.readings.length).toBeLessThan(400);
    expect(asked).toEqual([1]);
  });
});
