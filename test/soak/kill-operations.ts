import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { page } from '../../server/contracts/common.ts';
import { journalEntryView, standingAlarmView, type JournalEntryView } from '../../server/contracts/alarms.ts';
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
  /** Shown as durable to a client before a kill. */
  readonly incidents: number;
  readonly journal: number;
  /** Acknowledged, and not there; or there more than once. */
  readonly missing: readonly string[];
  readonly doubled: readonly string[];
}

/**
 * Kills a server (-9) again and again while tickets and notes are written to it and a device is lost and found, on SQLite or on the
 * PostgreSQL at `databaseUrl`. Then counts what the last one has, and replays each alarm's journal to its state.
 */
export async function killOperations(options: {
  readonly kills: number;
  readonly databaseUrl?: string;
}): Promise<KillReport> {
  const estate = await remoteEstate({ databaseUrl: options.databaseUrl });
  try {
    let server = await estate.startServer();
    const field = lostAndFound(estate);
    await field.turn();
    // Notes go to the first one, also when it is over.
    const incident = await firstIncident(estate);
    const acknowledged = { tickets: new Set<string>(), notes: new Set<string>() };
    const shown = { incidents: new Set<string>(), journal: new Map<number, JournalEntryView>() };
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
    /** What a client was told to be durable. */
    async function watch(): Promise<void> {
      while (!stop.signal.aborted) {
        await field.turn();
        await sleep(100);
        const listed = await estate.get('incidents').catch(() => undefined);
        const entries = await estate.get('alarm-journal').catch(() => undefined);
        const incidents = page(incidentSummary).safeParse(listed).data?.items ?? [];
        for (const { id, durable, state } of incidents) {
          if (durable) shown.incidents.add(id);
          // One that is over and acknowledged is resolved: the next loss is another one.
          if (state === 'returned') await estate.post(`incidents/${id}/ack`, {}).catch(() => false);
        }
        for (const entry of page(journalEntryView).safeParse(entries).data?.items ?? [])
          if (entry.durable) shown.journal.set(entry.sequence, entry);
      }
    }
    const writing = Promise.all([...Array.from({ length: writers }, write), watch()]);
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
    const incidents = (await Promise.all(['open', 'resolved'].map((state) =>
      allPages(estate, `incidents?state=${state}&limit=500`, incidentSummary)))).flat(); // prettier-ignore
    const ids = incidents.map(({ id }) => id);
    const journal = await allPages(estate, 'alarm-journal?limit=500', journalEntryView);
    const bySequence = new Map(journal.map((entry) => [entry.sequence, entry]));
    const standing = await allPages(estate, 'alarms?limit=500', standingAlarmView);
    return {
      kills: options.kills,
      tickets: acknowledged.tickets.size,
      notes: acknowledged.notes.size,
      incidents: shown.incidents.size,
      journal: shown.journal.size,
      missing: [
        ...[...shown.incidents].filter((id) => !ids.includes(id)),
        ...[...shown.journal].flatMap(([sequence, entry]) =>
          isSame(entry, bySequence.get(sequence)) ? [] : [`journal entry ${sequence}`],
        ),
        ...broken(journal, standing).map((alarm) => `state of ${alarm}`),
        ...[...acknowledged.tickets].filter((text) => !tickets.includes(text)),
        ...[...acknowledged.notes].filter((text) => !notes.includes(text)),
      ],
      doubled: [
        ...repeated(tickets),
        ...repeated(notes),
        ...repeated(ids),
        ...repeated(journal.map(({ sequence }) => `journal entry ${sequence}`)),
      ],
    };
  } finally {
    await estate.close();
  }
}

/** A device of the remote site that is lost at one turn and found at the next; each loss is an incident. */
function lostAndFound(estate: RemoteEstate): { turn(): Promise<void> } {
  const point = 'drc/pdu-a01-a/link';
  let sequence = 0;
  let isLost = false;
  return {
    async turn() {
      sequence += 1;
      const at = Date.now();
      const batch = {
        run: 'soak0000001', sequence, settled: 1, live: true, points: [point], point: [0], at: [at],
        value: [isLost ? 1 : 0], quality: [0],
      }; // prettier-ignore
      const ok = await estate.post('ingest', { sentAt: at, batch }, 'collector').catch(() => false);
      if (ok) isLost = !isLost;
    },
  };
}

function isSame(before: JournalEntryView, after: JournalEntryView | undefined): boolean {
  return JSON.stringify(before) === JSON.stringify(after);
}

/** Alarms whose journal has a gap between two states, or does not end in the state that they have. `journal`: latest first. */
function broken(
  journal: readonly JournalEntryView[],
  standing: readonly { readonly id: string; readonly alarmState: string }[],
): string[] {
  const last = new Map<string, string>();
  const gaps = new Set<string>();
  for (const { alarm, from, to } of journal.toReversed()) {
    if ((last.get(alarm) ?? 'normal') !== from) gaps.add(alarm);
    last.set(alarm, to);
  }
  const states = new Map(standing.map(({ id, alarmState }) => [id, alarmState]));
  for (const [alarm, to] of last) if ((states.get(alarm) ?? 'normal') !== to) gaps.add(alarm);
  return [...gaps];
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
