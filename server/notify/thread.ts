import type { IncidentRow } from '../incidents/record.ts';
import type { NotificationRow } from './record.ts';

interface Known {
  /** Of the message itself. */
  readonly key: string;
  /** What this person was sent by this channel, in the order in which it was decided. */
  readonly sent: readonly NotificationRow[];
  readonly incidentOf: (id: string) => Pick<IncidentRow, 'unacknowledged'> | undefined;
}

/**
 * Messages about one storm are one conversation: a message belongs to the thread of an earlier one about the same incident, else to the
 * newest one in which something still waits to be seen, else it begins its own. `others`: pages of that thread that still wait, so that an
 * update is complete and may replace what was shown before. Pure.
 */
export function threadOf(
  rows: readonly NotificationRow[],
  { key, sent, incidentOf }: Known,
): { readonly thread: string; readonly others: readonly NotificationRow[] } {
  const told = new Set(rows.map(({ incident }) => incident));
  const isWaiting = ({ kind, incident }: NotificationRow): boolean =>
    kind === 'page' && (incidentOf(incident)?.unacknowledged ?? 0) > 0;
  const earlier =
    sent.findLast(({ incident, thread }) => told.has(incident) && thread !== null) ??
    sent.findLast((row) => row.thread !== null && isWaiting(row));
  const begun = rows.find(({ thread }) => thread !== null);
  const thread = begun?.thread ?? earlier?.thread ?? key;
  const latest = new Map<string, NotificationRow>();
  for (const row of sent)
    if (row.thread === thread && !told.has(row.incident) && isWaiting(row)) latest.set(row.incident, row);
  return { thread, others: [...latest.values()] };
}
