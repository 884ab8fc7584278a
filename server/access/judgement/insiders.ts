import { createDeadlines } from '../../../core/deadlines.ts';
import { afterSign, forgottenAt, type Inside, type Sign } from '../presence/presence.ts';
import { ticketPersonOf, type HolderKey } from './holders.ts';

/** Longer than any window. */
const leftKeptMs = 7 * 24 * 3_600_000;

/** Who is inside, and when those who are not were last seen to leave. Times in epoch ms. */
export interface Insiders {
  /** A sign of a person at a door or the desk. */
  move(sign: Sign): void;
  /** Gives up those whom nobody looks for any more. */
  forget(now: number): void;
  find(holder: HolderKey): Inside | undefined;
  /** With a card or the name of the ticket. */
  ofTicket(id: string): readonly Inside[];
  all(): Inside[];
  /** When the person was last seen to leave; 0: never. */
  leftAt(holder: HolderKey): number;
  /** Tickets with somebody inside. */
  tickets(): Iterable<string>;
}

/** @param onChange called with the ticket of whoever came, moved, left or was given up */
export function createInsiders(onChange: (ticket: string) => void): Insiders {
  const insideBy = new Map<HolderKey, Inside>();
  const byTicket = new Map<string, Set<HolderKey>>();
  const lastLeft = new Map<HolderKey, number>();
  const forgetting = createDeadlines();
  const forgettingLeft = createDeadlines();

  function changed(holder: HolderKey, isInside: boolean): void {
    const ticket = ticketPersonOf(holder)?.ticket;
    if (ticket === undefined) return;
    const holders = byTicket.get(ticket) ?? new Set();
    if (isInside) byTicket.set(ticket, holders.add(holder));
    else if (holders.delete(holder) && holders.size === 0) byTicket.delete(ticket);
    onChange(ticket);
  }

  function remove(holder: HolderKey): void {
    insideBy.delete(holder);
    forgetting.delete(holder);
    changed(holder, false);
  }

  return {
    move(sign) {
      const { holder } = sign;
      const left = lastLeft.get(holder) ?? 0;
      // A late event does not bring back who has left since.
      if (sign.room !== null && sign.at <= left) return;
      const after = afterSign(insideBy.get(holder), sign);
      if (after !== undefined) {
        insideBy.set(holder, after);
        forgetting.set(holder, forgottenAt(after));
        changed(holder, true);
        return;
      }
      lastLeft.set(holder, Math.max(sign.at, left));
      forgettingLeft.set(holder, Math.max(sign.at, left) + leftKeptMs);
      remove(holder);
    },
    forget(now) {
      for (const holder of forgetting.take(now)) remove(holder);
      for (const holder of forgettingLeft.take(now)) {
        lastLeft.delete(holder);
        changed(holder, insideBy.has(holder));
      }
    },
    find: (holder) => insideBy.get(holder),
    ofTicket: (id) => [...(byTicket.get(id) ?? [])].flatMap((holder) => insideBy.get(holder) ?? []),
    all: () => [...insideBy.values()],
    leftAt: (holder) => lastLeft.get(holder) ?? 0,
    tickets: () => byTicket.keys(),
  };
}
