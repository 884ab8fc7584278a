import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readMessage, readWill, type Message } from '../../../collectors/drivers/mqtt/message.ts';
import { planRoutes, type Route } from '../../../collectors/drivers/mqtt/routes.ts';
import { toReadings } from '../../../collectors/profile/decode.ts';
import { profileSchema } from '../../../config/schema/profile.ts';
import { fieldModel, recorder } from '../../support/field.ts';

const broker = { key: 't/main', url: 'mqtt://127.0.0.1' };

/** A device of a profile with these points, and what a message makes of them. */
function deviceWith(points: readonly object[], more: object = {}) {
  const profile = {
    ...profileSchema.parse({
      protocol: 'mqtt', kind: 'env', maker: 'm', model: 'm', source: 's', silentAfter: '60s', points, ...more,
    }),
    name: 'env/test',
  }; // prettier-ignore
  const model = fieldModel([{ id: 'd', profile, address: { protocol: 'mqtt', broker, topic: 'd' } }]);
  const routes = planRoutes(model.devices);
  const route = (topic = 'd'): Route => {
    const [found] = routes.find(topic);
    if (found === undefined) throw new Error(`no route for ${topic}`);
    return found;
  };
  const read = (payload: string | Buffer) => {
    const seen = recorder(model);
    const message = { payload: Buffer.from(payload), retained: false };
    const parsed = readMessage(route(), message, { zone: 'Asia/Jakarta', now: 0 });
    seen.sink(toReadings(parsed.values, 0).readings);
    return { ...parsed, picture: seen.picture() };
  };
  return { read, route };
}

const temperature = { quantity: 'temperature', unit: '°C', pointer: '/t' };
const message = (payload: string | Buffer): Message => ({ payload: Buffer.from(payload), retained: false });

describe('a message', () => {
  test('that is a list is read by pointers into it', () => {
    const { read } = deviceWith([
      { ...temperature, pointer: '/1/t' },
      { quantity: 'humidity', unit: '%RH', pointer: '/0' },
    ]);
    expect(read('[44,{"t":22.5}]').picture).toEqual({ 'd/temperature': '22.5', 'd/humidity': '44' });
  });

  test('that is one JSON number is read by the pointer to the whole document', () => {
    expect(deviceWith([{ ...temperature, pointer: '' }]).read(' 22.5 ').picture).toEqual({
      'd/temperature': '22.5',
    });
  });

  test('that is a partial update changes only what it speaks of', () => {
    const { read } = deviceWith([temperature, { quantity: 'humidity', unit: '%RH', pointer: '/h' }]);
    expect(read('{"h":40}')).toMatchObject({ understood: true, picture: { 'd/humidity': '40' } });
    expect(read('{}')).toMatchObject({ understood: true, picture: {} });
  });

  test('holds numbers as text, with a decimal comma where the profile says so', () => {
    const { read } = deviceWith([{ ...temperature, text: 'number' }]);
    expect(read('{"t":"22,5 °C"}').picture).toEqual({ 'd/temperature': '22.5' });
    expect(deviceWith([temperature]).read('{"t":"22,5"}').picture).toEqual({ 'd/temperature': '!decode' });
  });

  test('may say the unit of its values, and is no value in a unit that nobody knows', () => {
    const unitCell = { pointer: '/TempUnit', units: { C: 1, F: '°F' } };
    const { read } = deviceWith([{ ...temperature, unitCell }]);
    expect(read('{"t":73.4,"TempUnit":"F"}').picture).toEqual({ 'd/temperature': '23' });
    expect(read('{"t":23,"TempUnit":"C"}').picture).toEqual({ 'd/temperature': '23' });
    expect(read('{"t":23}').picture).toEqual({ 'd/temperature': '23' });
    expect(read('{"t":296.5,"TempUnit":"K"}').picture).toEqual({ 'd/temperature': '!decode' });
  });

  test('holds truth values by their words', () => {
    const states = { true: { name: 'closed', code: 0 }, false: { name: 'open', code: 1 } };
    const { read } = deviceWith([{ quantity: 'door-state', unit: 'state', pointer: '/contact', states }]);
    expect(read('{"contact":true}').picture).toEqual({ 'd/door-state': 'closed' });
    expect(read('{"contact":null}').picture).toEqual({ 'd/door-state': '!no-value' });
  });

  test('with the names of inherited members reads none of them', () => {
    const { read } = deviceWith([{ ...temperature, pointer: '/__proto__/t' }]);
    expect(read('{}').picture).toEqual({});
    expect(read('{"__proto__":{"t":1}}').picture).toEqual({ 'd/temperature': '1' });
    expect(Object.getOwnPropertyNames(Object.prototype)).not.toContain('t');
  });

  test.each<[string, Buffer]>([
    ['is 400,000 lists deep', Buffer.from(`${'['.repeat(400_000)}${']'.repeat(400_000)}`)],
    ['is 100,000 objects deep', Buffer.from(`${'{"t":'.repeat(100_000)}1${'}'.repeat(100_000)}`)],
  ])('that %s harms nobody', (_name, payload) => {
    const { values, errors } = deviceWith([temperature]).read(payload);
    expect(values.every(({ raw }) => raw === null)).toBe(true);
    expect(errors).toEqual([]);
  });

  test.each<[string, string | Buffer, RegExp]>([
    ['is no UTF-8', Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d]), /UTF-8/],
    ['is 10 MB long', Buffer.alloc(10_000_000, 0x20), /10000000 bytes/],
    ['is cut off', '{"t":22.', /no JSON/],
  ])('that %s is not understood', (_name, payload, why) => {
    const { malformed, understood, values } = deviceWith([temperature]).read(payload);
    expect(malformed).toMatch(why);
    expect({ understood, values }).toEqual({ understood: false, values: [] });
  });

  test('of any bytes gives readings or a reason, and never throws', () => {
    const { read } = deviceWith([temperature, { quantity: 'humidity', unit: '%RH', pointer: '/h/0' }], {
      time: { pointer: '/at', format: 'local' },
    });
    const json = fc.json().map((text) => Buffer.from(text));
    const near = fc
      .record({ t: fc.jsonValue(), h: fc.jsonValue(), at: fc.jsonValue() }, { requiredKeys: [] })
      .map((document) => Buffer.from(JSON.stringify(document)));
    const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
    fc.assert(
      fc.property(fc.oneof(json, near, bytes), (payload) => {
        const { values, malformed, understood, picture } = read(payload);
        const saysNothing = values.length === 0 && !understood;
        expect(malformed === undefined || saysNothing).toBe(true);
        for (const text of Object.values(picture)) expect(text).not.toBe('NaN');
      }),
    );
  });
});

describe('a last will', () => {
  const bare = { topic: '{topic}/LWT', online: 'Online', offline: 'Offline' };
  const inJson = { topic: '{topic}/LWT', pointer: '/state', online: 'online', offline: 'offline' };
  test.each<[object, string, string | undefined]>([
    [bare, 'Offline', 'offline'],
    [bare, 'Online\n', 'online'],
    [bare, 'offline?', undefined],
    [inJson, '{ "state": "offline", "since": 1 }', 'offline'],
    [inJson, '{"state":"online"}', 'online'],
    [inJson, 'offline', 'offline'],
    [inJson, '"offline"', undefined],
    [inJson, '[', undefined],
  ])('of the words %j says with %s: %s', (availability, payload, expected) => {
    const words = deviceWith([temperature], { availability }).route('d/LWT').availability;
    if (words === undefined) throw new Error('no last will');
    expect(readWill(words, message(payload))).toBe(expected);
  });
});
