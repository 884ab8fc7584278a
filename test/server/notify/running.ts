import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { pino } from 'pino';
import type { PeopleModel } from '../../../config/build/people.ts';
import type { Model } from '../../../config/model.ts';
import { peopleSchema, type Channel } from '../../../config/schema/people.ts';
import { good } from '../../../core/reading.ts';
import { openDatabase } from '../../../server/db/database.ts';
import type { Database } from '../../../server/db/schema.ts';
import { openIncidents } from '../../../server/incidents/compose.ts';
import type { ReadNow } from '../../../server/incidents/situation.ts';
import type { ChannelDriver, Message } from '../../../server/notify/channel.ts';
import type { NotificationRow } from '../../../server/notify/record.ts';
import {
  fire,
  smallModel,
  temperatureHigh,
  type PointSketch,
  type RuleInput,
} from '../alarms/small-model.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';

/** Monday 2026-11-23 10:00 WIB. */
export const monday = Date.UTC(2026, 10, 23, 3);
export const hot: RuleInput = {
  ...temperatureHigh, onDelay: '0s', offDelay: '0s', urgency: 'tinggi',
  firstAction: { id: 'Periksa PAC di ruang itu.', en: 'Check the PACs of the room.' },
}; // prettier-ignore
export const points = ['dc/env-1/temperature', 'dc/env-2/temperature', 'smart-dc/env-3/temperature'];

const file = peopleSchema.parse({
  persons: [
    { person: 'andi', name: 'Andi', email: 'andi@pantau.example', telegram: '1' },
    { person: 'budi', name: 'Budi', email: 'budi@pantau.example', language: 'en' },
    { person: 'citra', name: 'Citra', email: 'citra@pantau.example' },
  ],
  onCall: [
    { layer: 'utama', name: { id: 'utama', en: 'first' }, every: 'week', start: '2026-11-16', handover: '08:00', members: ['citra', 'andi'] },
  ],
  escalation: {
    P1: [
      { after: '0s', notify: ['layer:utama'], channels: ['telegram', 'email'] },
      { after: '5m', notify: ['person:budi'], channels: ['email'] },
    ],
    P2: [{ after: '0s', notify: ['layer:utama'], channels: ['email'] }],
  },
}); // prettier-ignore
const { channels: _channels, ...entries } = file;
const people: PeopleModel = { ...entries, webhooks: {} };

export interface Sent extends Message {
  readonly to: string;
  readonly by: Channel;
}

/** Channels that record, fail or hang as the test says; the rest is the product's. */
export function fakeChannels(sent: Sent[]) {
  const faults = new Map<Channel, () => Error>();
  const driver = (by: Channel): ChannelDriver => ({
    send({ person }, message) {
      const fault = faults.get(by);
      if (fault !== undefined) return Promise.reject(fault());
      sent.push({ ...message, to: person, by });
      return Promise.resolve('accepted');
    },
    close: () => undefined,
  });
  const channels = new Map<Channel, ChannelDriver>([['email', driver('email')], ['telegram', driver('telegram')]]); // prettier-ignore
  return { channels, faults };
}

const trial: RuleInput = {
  rule: 'trial', name: { id: 'Uji', en: 'Trial' }, discipline: 'network', points: { quantity: ['trial'], owner: ['site'] },
  when: { above: { value: 0, source: 'test' } }, urgency: 'rendah',
}; // prettier-ignore

export function modelOf(
  rules: readonly RuleInput[] = [hot, fire, trial],
  more: readonly PointSketch[] = [],
): Model {
  const sketches = [
    ...points.map((id) => ({ id, quantity: 'temperature' })),
    { id: 'dc/server/trial', quantity: 'trial', unit: 'count' as const, owner: { kind: 'site' as const, id: 'server' } },
    ...['heartbeat-age', 'trial-age', 'page-delay'].map((quantity) => ({ id: `dc/server/${quantity}`, quantity, unit: 's' as const })),
    { id: 'dc/server/email/channel-failing', quantity: 'channel-failing', unit: 's' as const },
    ...['dc', 'smart-dc'].map((site) => ({ id: `${site}/vesda/alarm-level`, quantity: 'alarm-level', unit: 'state' as const, states: new Map([[0, 'normal'], [4, 'fire-1']]) })),
    ...more,
  ]; // prettier-ignore
  return { ...smallModel({ rules, points: sketches }), people, field: 'real' };
}

const opened: { close(): Promise<void> }[] = [];
/** After each test. */
export async function closeAll(): Promise<void> {
  for (const each of opened.splice(0)) await each.close();
}

export async function start(
  path: string,
  channels: ReadonlyMap<Channel, ChannelDriver>,
  clock: FakeClock = createFakeClock(monday),
  { model = modelOf(), readNow = () => null }: { readonly model?: Model; readonly readNow?: ReadNow } = {},
) {
  const db: Database = await openDatabase(path);
  const parts = await openIncidents({
    model,
    db,
    clock,
    randomBytes,
    log: pino({ level: 'silent' }),
    ticketsTouching: () => Promise.resolve([]),
    readNow,
    notify: {
      channels,
      roster: () => ({ overrides: [], timeOff: [] }),
      publicUrl: 'https://pantau.example',
      secret: 'geheim',
    },
  });
  const say = (values: Readonly<Record<string, number>>): void => {
    parts.alarms.accept(
      Object.entries(values).map(([id, value]) => ({
        point: model.pointById.get(id)?.index ?? -1,
        at: clock.now(),
        value,
        quality: good,
      })),
    );
  };
  /** Time passes second by second, with the server's ticks, and never faster than the database answers. */
  const wait = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      await clock.advance(1_000);
      parts.alarms.tick();
      await sql`select 1`.execute(db);
    }
  };
  const rows = async (): Promise<NotificationRow[]> =>
    (await parts.notify.deliveries({ limit: 100 })).toReversed();
  const running = { ...parts, db, clock, say, wait, rows };
  opened.push({
    async close() {
      await parts.notify.close();
      await parts.incidents.close().catch(() => undefined);
      await db.destroy();
    },
  });
  return running;
}
