import { describe, expect, test } from 'vitest';
import { parseAccessEvent } from '../../../core/access-event.ts';
import { planEvent, readEvents } from '../../../collectors/drivers/json/events.ts';
import type { Device } from '../../../config/model.ts';
import { fieldModel, shippedProfile } from '../../support/field.ts';

const now = Date.UTC(2026, 10, 23, 3, 30);
const broker = { key: 't/main', url: 'mqtt://127.0.0.1:1' };

function deviceOf(profile: string, address: Device['address'], more: object = {}): Device {
  const model = fieldModel([{ id: 'door', profile: shippedProfile(profile), address, ...more }]);
  const [device] = model.devices;
  if (device === undefined) throw new Error('no device');
  return device;
}

/** As a driver reads it: the first event, typed. */
function read(device: Device, document: unknown) {
  const routes = (device.events ?? []).map(planEvent);
  const { events, errors } = readEvents(routes, document, { source: device.key, zone: 'Asia/Jakarta', now });
  const [event] = events;
  return { errors, events, typed: event && parseAccessEvent(event), kind: event?.kind };
}

describe('uhppoted-mqtt', () => {
  const board = deviceOf(
    'door/uhppoted',
    { protocol: 'mqtt', broker, topic: 'uhppoted/gateway/events' },
    { instance: '405419896', parts: { door: ['door-1', 'door-2'] } },
  );
  const message = (more: object) => ({
    message: {
      event: {
        'device-id': 405_419_896, 'event-id': 69, 'event-type': 1, 'event-type-text': 'card swipe', 'access-granted': true,
        'door-id': 1, direction: 1, 'direction-text': 'in', 'card-number': 8_165_537, timestamp: '2026-11-23 10:28:32 WIB',
        'event-reason': 1, 'event-reason-text': 'swipe', ...more,
      },
    },
    hmac: '2079c940984153774d4338a0ffb3e99d66a368e0237b99249463c4a47236767a',
  }); // prettier-ignore

  test('a swipe is read with its door, card, method and direction', () => {
    expect(read(board, message({})).typed).toMatchObject({
      kind: 'access-granted', part: 'door-1', door: '1', card: '8165537', method: 'card', direction: 'in',
      controller: '405419896', number: 69, at: Date.UTC(2026, 10, 23, 3, 28, 32),
    }); // prettier-ignore
    expect(read(board, message({ direction: 2 })).typed?.direction).toBe('out');
  });

  test('a text that a database would refuse is read as one that it takes', () => {
    expect(read(board, message({ 'card-number': '12\u0000' })).typed?.card).toBe('12\uFFFD');
    const long = read(board, message({ 'card-number': `${'x'.repeat(499)}🙂` })).typed?.card ?? '';
    expect([long.length, long.isWellFormed()]).toEqual([500, true]);
  });

  test.each([
    [{ 'access-granted': false, 'event-reason': 6 }, 'access-denied'],
    [{ 'access-granted': false, 'event-reason': 12 }, 'access-denied'],
    [{ 'access-granted': false, 'event-reason': 18 }, 'access-denied'],
    [{ 'event-type': 2, 'event-reason': 20 }, 'exit-button'],
    [{ 'event-type': 2, 'event-reason': 23 }, 'door-opened'],
    [{ 'event-type': 2, 'event-reason': 24 }, 'door-closed'],
    [{ 'event-type': 3, 'event-reason': 34 }, 'duress'],
    [{ 'event-type': 3, 'event-reason': 37 }, 'door-held'],
    [{ 'event-type': 3, 'event-reason': 38 }, 'door-forced'],
    [{ 'event-type': 3, 'event-reason': 39 }, 'fire-release'],
    [{ 'event-type': 3, 'event-reason': 41 }, 'tamper'],
    [{ 'event-type': 2, 'event-reason': 28 }, 'controller-restarted'],
    [{ 'event-type': 2, 'event-reason': 44 }, 'access-granted'],
    [{ 'event-type': 3, 'event-type-text': 'alarm', 'event-reason': 99 }, 'alarm'],
    [{ 'event-type': 2, 'event-type-text': 'door', 'event-reason': 99 }, 'other'],
  ])('%j is of kind %s', (more, kind) => {
    expect(read(board, message(more)).kind).toBe(kind);
  });

  test('a wrong PIN was given with a card, a remote command by nobody', () => {
    expect(read(board, message({ 'event-reason': 7, 'access-granted': false })).typed?.method).toBe(
      'card+pin',
    );
    expect(read(board, message({ 'event-reason': 44 })).typed?.method).toBe('remote');
  });

  test('a door that the configuration does not know is kept, without a part', () => {
    expect(read(board, message({ 'door-id': 4 })).typed).toMatchObject({ part: undefined, door: '4' });
  });

  test('card number 0 is no card', () => {
    expect(
      read(board, message({ 'event-type': 2, 'event-reason': 23, 'card-number': 0 })).typed?.card,
    ).toBeUndefined();
  });

  test('events of other controllers on the same topic are theirs', () => {
    expect(read(board, message({ 'device-id': 303_986_753 })).events).toEqual([]);
    expect(read(board, { message: { system: { alive: true } } })).toMatchObject({ events: [], errors: [] });
  });
});

describe('Suprema through the webhook', () => {
  const suprema = deviceOf(
    'door/suprema-biostar',
    { protocol: 'push', sender: 'biostar', key: 'k' },
    { parts: { door: ['door-1', 'door-17'] } },
  );
  const message = (code: number, more: object = {}) => ({
    events: [
      {
        id: '9012', index: '4711', datetime: '2026-11-23T03:28:32.00Z', event_type_id: { code: String(code) },
        device_id: { id: '538203117' }, user_id: { user_id: '17', name: 'Siti' }, door_id: [{ id: '17' }], ...more,
      },
    ],
  }); // prettier-ignore

  test.each([
    [0x1000, 'access-granted'], [0x1302, 'access-granted'], [0x1201, 'duress'], [0x1500, 'duress'], [0x1800, 'access-denied'],
    [0x1903, 'access-denied'], [0x4000, 'tamper'], [0x5200, 'door-opened'], [0x5300, 'door-closed'], [0x5400, 'door-forced'],
    [0x5500, 'door-held'], [0x5600, 'alarm'], [0x5900, 'alarm-ended'], [0x6700, 'fire-release'], [0x6800, 'fire-release-ended'],
    [0x7000, 'other'],
  ])('code %i is of kind %s', (code, kind) => {
    expect(read(suprema, message(code)).kind).toBe(kind);
  }); // prettier-ignore

  test('an event is read with its door, user and number', () => {
    expect(read(suprema, message(0x1300)).typed).toMatchObject({
      part: 'door-17', person: '17', number: 4711, controller: '538203117', at: Date.UTC(2026, 10, 23, 3, 28, 32),
    }); // prettier-ignore
  });

  test('a list without entries is a heartbeat; an entry without a number is an error', () => {
    expect(read(suprema, { events: [] })).toMatchObject({ events: [], errors: [] });
    expect(read(suprema, message(0x1300, { index: null })).errors).toEqual([
      expect.stringMatching(/^no event id/),
    ]);
  });
});
