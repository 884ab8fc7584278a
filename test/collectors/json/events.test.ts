import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readMessage } from '../../../collectors/drivers/mqtt/message.ts';
import { planRoutes } from '../../../collectors/drivers/mqtt/routes.ts';
import { fieldModel, shippedProfile } from '../../support/field.ts';

const broker = { key: 't/main', url: 'mqtt://127.0.0.1:1' };
const model = fieldModel([
  {
    id: 'door',
    profile: shippedProfile('door/mqtt-controller'),
    address: { protocol: 'mqtt', broker, topic: 'acs' },
  },
]);
const routes = planRoutes(model.devices);
const [route] = routes.find('acs/door-1');
const now = Date.UTC(2026, 10, 23, 3, 30);

function read(payload: string, retained = false) {
  if (route === undefined) throw new Error('no route');
  return readMessage(route, { payload: Buffer.from(payload), retained }, { zone: 'Asia/Jakarta', now });
}
const swipe = {
  'device-id': 405_419_896,
  'event-id': 69,
  'access-granted': true,
  'card-number': 8_165_537,
  direction: 1,
  'door-id': 1,
  'event-type-text': 'swipe',
  'event-reason-text': 'swipe',
  timestamp: '2021-08-10 10:28:32 PDT',
};
const text = (more: object = {}): string => JSON.stringify({ ...swipe, ...more });

describe('an event of a door controller', () => {
  test('is read with its number, its kind, its time by the abbreviation of its zone, and who it was', () => {
    expect(read(text())).toMatchObject({
      errors: [],
      understood: true,
      values: [],
      events: [
        {
          id: `t/door#405419896,69@${Date.UTC(2021, 7, 10, 17, 28, 32)}`,
          source: 't/door',
          at: Date.UTC(2021, 7, 10, 17, 28, 32),
          kind: 'access-granted',
          attributes: {
            part: 'door-1', controller: 405_419_896, number: 69, door: 1, card: 8_165_537, direction: 'in', method: 'card',
            granted: true, type: 'swipe', reason: 'swipe',
          },
        },
      ],
    }); // prettier-ignore
    expect(read(text({ timestamp: '2026-11-23 10:28:32 WIB' })).events[0]?.at).toBe(
      Date.UTC(2026, 10, 23, 3, 28, 32),
    );
  });

  test.each([
    [{ 'access-granted': false }, 'access-denied'],
    [{ 'event-type-text': 'door', 'event-reason-text': 'door opened' }, 'door-opened'],
    [{ 'event-type-text': 'alarm', 'event-reason-text': 'forced open' }, 'door-forced'],
    [{ 'event-type-text': 'something new', 'event-reason-text': '?' }, 'other'],
  ])('with %j is of kind %s', (more, kind) => {
    expect(read(text(more)).events[0]?.kind).toBe(kind);
  });

  test('brings the state of its door as well', () => {
    const { values, events } = read(text({ 'door-state': 'open' }));
    expect(values.map(({ raw }) => raw)).toEqual(['open']);
    expect(events).toHaveLength(1);
  });

  test('is none in a message without a number, as the repeated state', () => {
    const { events, errors } = read('{"door-state":"open","timestamp":"2026-11-23 10:28:32 WIB"}');
    expect({ events, errors }).toEqual({ events: [], errors: [] });
  });

  test('is no new one in a message that the broker kept', () => {
    expect(read(text(), true).events).toEqual([]);
  });

  test.each(['gestern', 17, null, undefined])(
    'with the unreadable time %j happened now, and is flagged',
    (timestamp) => {
      const { events, errors } = read(text({ timestamp }));
      expect(events[0]).toMatchObject({
        at: now,
        attributes: { 'time-flag': 'clock-unreadable', card: 8_165_537 },
      });
      expect(errors.length).toBeGreaterThan(0);
    },
  );

  test.each([null, '', {}, 'a\u0000b', '\ud800', 'x'.repeat(300)])(
    'without a usable number (%j) is counted as an error',
    (number) => {
      const { events, errors } = read(text({ 'event-id': number }));
      expect(events).toEqual([]);
      expect(errors).toEqual([expect.stringMatching(/^no event id/)]);
    },
  );

  test('keeps an event whose attribute is no plain value, without that attribute', () => {
    const { events, errors } = read(text({ 'card-number': { high: 1 } }));
    expect(events[0]?.attributes).not.toHaveProperty('card');
    expect(errors).toEqual(['the attribute card is no plain value']);
  });

  test('has another id whenever its numbers differ', () => {
    const id = (controller: unknown, number: unknown) =>
      read(text({ 'device-id': controller, 'event-id': number })).events[0]?.id;
    expect(id('1,2', '3')).not.toBe(id('1', '2,3'));
    expect(id('1%2C2', '3')).not.toBe(id('1,2', '3'));
  });

  test('is another one when a wiped controller uses its number again, and the same one in a message that comes again', () => {
    const id = (timestamp: string): string | undefined => read(text({ timestamp })).events[0]?.id;
    expect(id('2026-11-23 10:28:32 WIB')).not.toBe(id('2021-08-10 10:28:32 PDT'));
    expect(id('2026-11-23 10:28:32 WIB')).toBe(id('2026-11-23 11:28:32 WITA'));
    expect(read(text({ 'event-id': '69@1' })).events[0]?.id).toContain('#405419896,69%401@');
  });

  test('whatever the message says, reading it does not throw', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (id, rest) => {
        const { events } = read(text({ 'event-id': id, 'card-number': rest, timestamp: rest }));
        for (const event of events) expect(JSON.parse(JSON.stringify(event))).toEqual(event);
      }),
    );
  });
});

test('a topic that brings events is among those that are subscribed with QoS 1', () => {
  expect([...routes.eventFilters]).toEqual(['acs/door-1']);
});
