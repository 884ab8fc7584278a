import type { Model } from '../../config/model.ts';
import type { PastPresence } from '../access/presence/past.ts';
import { anywhere } from '../access/presence/presence.ts';
import type { LoadTestDocument } from '../contracts/load-test-document.ts';

/** How many were in each room around a moment and by which tickets; names stay in the access log. Pure. */
export function presenceAround(
  model: Pick<Model, 'rooms'>,
  { present, before }: PastPresence,
): NonNullable<LoadTestDocument['presence']> {
  const all = [...present, ...before];
  const rooms = [...new Set(all.map(({ room }) => room))].sort();
  return rooms.map((room) => {
    const inside = all.filter((each) => each.room === room);
    const tickets = inside.flatMap(({ holder }) => /^ticket:(.*)#/.exec(holder)?.[1] ?? []);
    return {
      room: room === anywhere ? null : room,
      name: model.rooms.find(({ id, site }) => id === room && inside.some((each) => each.site === site))?.name ?? null,
      persons: inside.reduce((sum, { others }) => sum + 1 + others, 0),
      tickets: [...new Set(tickets)].sort(),
    };
  });
} // prettier-ignore
