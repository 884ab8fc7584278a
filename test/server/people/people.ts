import type { z } from 'zod';
import type { PeopleModel } from '../../../config/build/people.ts';
import { addressOf, peopleSchema } from '../../../config/schema/people.ts';
import type { Reach } from '../../../server/people/roster.ts';

/** People as people.yaml describes them. */
export function peopleOf(input: z.input<typeof peopleSchema>): PeopleModel {
  const { channels: _channels, ...people } = peopleSchema.parse(input);
  return { ...people, webhooks: {} };
}

/** Two layers of two engineers, a manager, and two shifts of twelve hours. */
export const small: z.input<typeof peopleSchema> = {
  persons: [
    { person: 'andi', name: 'Andi', email: 'andi@pantau.example' },
    { person: 'budi', name: 'Budi', email: 'budi@pantau.example' },
    { person: 'citra', name: 'Citra', email: 'citra@pantau.example', user: 'citra.l' },
    { person: 'dewi', name: 'Dewi', email: 'dewi@pantau.example', language: 'en' },
    { person: 'eko', name: 'Eko', telegram: '5' },
  ],
  onCall: [
    { layer: 'utama', name: { id: 'utama', en: 'first' }, every: 'week', start: '2026-11-16', handover: '08:00', members: ['andi', 'budi'] },
    { layer: 'cadangan', name: { id: 'cadangan', en: 'second' }, every: 'day', start: '2026-11-16', handover: '09:00', members: ['citra', 'dewi'] },
  ],
  shifts: {
    times: [
      { shift: 'siang', name: { id: 'Siang', en: 'Day' }, from: '07:00', to: '19:00' },
      { shift: 'malam', name: { id: 'Malam', en: 'Night' }, from: '19:00', to: '07:00' },
    ],
    start: '2026-11-16',
    cycle: ['siang', 'malam'],
    teams: [
      { team: 'regu-1', name: 'Regu 1', members: ['andi', 'citra'] },
      { team: 'regu-2', name: 'Regu 2', members: ['budi', 'dewi'], offset: 1 },
    ],
  },
  escalation: {
    P1: [
      { after: '0s', notify: ['layer:utama'], channels: ['telegram', 'email'] },
      { after: '10m', notify: ['layer:cadangan'], channels: ['email'] },
    ],
    P2: [{ after: '0s', notify: ['layer:cadangan'], channels: ['email'] }],
  },
}; // prettier-ignore

export const hour = 3_600_000;
export const day = 24 * hour;
/** Monday 2026-11-23 10:00 WIB: Budi's week, Dewi's day. */
export const monday = Date.UTC(2026, 10, 23, 3);

/** Every channel is set up and works. */
export const allReach: Reach = (person, by) =>
  addressOf(person, by) === undefined ? 'no-address' : undefined;
