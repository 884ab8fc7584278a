/** What the figures read of a journal entry (`server/db/schema.ts`); epoch ms. */
export interface JournalEntry {
  readonly sequence: number;
  /** `rule@point`. */
  readonly alarm: string;
  readonly site: string;
  /** When the condition began or ended by its source's clock. */
  readonly source_at: number | null;
  readonly server_at: number;
  readonly from_state: string;
  readonly to_state: string;
  readonly why: string;
  readonly actor: string | null;
}

/** States in which the alarm asks an operator to respond; a name with what hides it (`…+shelved`) is none of them. */
const demanding: ReadonlySet<string> = new Set([
  'unacknowledged',
  'returned-unacknowledged',
  'latched-unacknowledged',
]);

/**
 * The alarm is put before the operators and asks for a response: it was raised, raised again before anybody acknowledged it, or
 * is no longer hidden. What is raised while it is hidden, or becomes visible when it was acknowledged before, asks nobody.
 */
export function isAnnunciation({ from_state: from, to_state: to, why }: JournalEntry): boolean {
  return demanding.has(to) && (why === 'raise' || !demanding.has(from));
}

/** Shelved, suppressed or out of service. */
export function isHidden(state: string): boolean {
  return state.includes('+');
}
