import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { page } from '../../server/contracts/common.ts';
import { incidentSummary, incidentView } from '../../server/contracts/incidents.ts';
import { ticketView } from '../../server/contracts/tickets.ts';
import { remoteEstate, type RemoteEstate } from '../remote/estate.ts';

const hour = 3_600_000;
const writers = 4;

export interface KillReport {
  readonly kills: number;
  /** Answered with success before or between the kills. */
  readonly tickets: number;
  readonly notes: number;
  readonly incidents: number;
  /** Acknowledged, and not there; or there more than once. */
  readonly missing: readonly string[];
  readonly doubled: readonly string[];
}

/**
 * Kills a server (-9) again and again while tickets and notes are written to it, on SQLite or on the PostgreSQL at `databaseUrl`, then
 * counts what the last one has.
 */
export async function killOperations(options: {
  readonly kills: number;
  readonly databaseUrl?: string;
}): Promise<KillReport> {
  const estate = await remoteEstate({ databaseUrl: options.databaseUrl });
  try {
    let server = await estate.startServer();
    // The remote collector that never reports is an incident after half a minute: notes go to it.
    const incident = await firstIncident(estate);
    const acknowledged = { tickets: new Set<string>(), notes: new Set<string>() };
    let number = 0;
    const stop = new AbortController();

    async function write(): Promise<void> {
      while (!stop.signal.aborted) {
        number += 1;
        const text = `write ${number}`;
        const isNote = number % 2 === 0;
        const sent = isNote
          ? estate.post(`incidents/${incident}/note`, { text })
          : estate.post('tickets', ticket(text));
        // Only what was answered with success counts; an answer that a kill swallowed promises nothing.
        const ok = await sent.catch(() => false);
        if (ok) (isNote ? acknowledged.notes : acknowledged.tickets).add(text);
        await sleep(ok ? 10 : 50);
      }
    }
    const writing = Promise.all(Array.from({ length: writers }, write));
    for (let kill = 0; kill < options.kills; kill += 1) {
      await sleep(500 + Math.random() * 1_500);
      await server.kill();
      server = await estate.startServer();
    }
    await sleep(500);
    stop.abort();
    await writing;

    const tickets = (await allPages(estate, 'tickets?limit=500', ticketView)).map(({ activity }) => activity);
    const { timeline } = incidentView.parse(await estate.get(`incidents/${incident}`));
    const notes = timeline.flatMap(({ kind, note }) => (kind === 'noted' && note !== null ? [note] : []));
    const incidents = await allPages(estate, 'incidents?limit=500', incidentSummary);
    const ids = incidents.map(({ id }) => id);
    return {
      kills: options.kills,
      tickets: acknowledged.tickets.size,
      notes: acknowledged.notes.size,
      incidents: incidents.length,
      missing: [
        ...[...acknowledged.tickets].filter((text) => !tickets.includes(text)),
        ...[...acknowledged.notes].filter((text) => !notes.includes(text)),
      ],
      doubled: [...repeated(tickets), ...repeated(notes), ...repeated(ids)],
    };
  } finally {
    await estate.close();
  }
}

function ticket(activity: string): unknown {
  // Tomorrow: it touches no incident of now, whose view would list every ticket.
  const from = Date.now() + 24 * hour;
  return {
    site: 'drc',
    rooms: [],
    unit: 'Biro TIK',
    pic: 'Ana',
    accompanied: true,
    persons: [{ name: 'Budi', identity: '3171', party: 'employee' }],
    activity,
    from: new Date(from).toISOString(),
    to: new Date(from + hour).toISOString(),
    superiorEmail: 'kabag@example.go.id',
  };
}

async function firstIncident(estate: RemoteEstate): Promise<string> {
  const deadline = performance.now() + 90_000;
  while (performance.now() < deadline) {
    const [first] = page(incidentSummary).parse(await estate.get('incidents')).items;
    if (first !== undefined) return first.id;
    await sleep(500);
  }
  throw new Error('no incident opened for 90 s');
}

async function allPages<Item>(estate: RemoteEstate, where: string, item: z.ZodType<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const more: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = page(item).parse(await estate.get(`${where}${more}`));
    items.push(...answer.items);
    cursor = answer.next;
  }
  return items;
}

function repeated(texts: readonly string[]): string[] {
  return texts.filter((text, index) => texts.indexOf(text) !== index);
}
