import type { Faults } from '../physics/faults.ts';
import { hash } from '../physics/noise.ts';

/** What a UHPPOTE board would report of its doors, as the door's state changes and people pass; deterministic by seed. */

export type DoorState = 'closed' | 'open' | 'forced' | 'held';

export interface Door {
  /** `deviceKey/part`. */
  readonly key: string;
  readonly state: DoorState;
}

interface Moment {
  readonly atMs: number;
  /** Cards of those who may come and go now. */
  readonly cards: readonly string[];
  readonly faults: Faults;
}

/** An event in the form of uhppoted-mqtt, without controller, number and time. */
export interface BoardEvent {
  readonly door: string;
  readonly type: 1 | 2 | 3;
  readonly typeText: 'swipe' | 'door' | 'alarm';
  readonly reason: number;
  readonly reasonText: string;
  readonly granted: boolean;
  readonly card: string;
  readonly direction: 1 | 2;
}

export interface Traffic {
  /** Of one look, a second or so after the last one. */
  look(doors: readonly Door[], moment: Moment): readonly BoardEvent[];
}

/** Cards that belong to nobody of the configuration. */
const strangersCard = '9900001';
const contractorsCard = '9900002';
const againEveryMs = 20_000;

interface DoorDrill {
  readonly fault: 'strangers' | 'duress' | 'unticketed' | 'tailgated';
  readonly isRepeated: boolean;
  readonly events: (door: string) => BoardEvent[];
}

const contractor = (door: string): BoardEvent =>
  swipe(door, { card: contractorsCard, granted: true, direction: 1 });
const passes = (door: string): BoardEvent[] => [
  event(door, 'door', [23, 'door opened']),
  event(door, 'door', [24, 'door closed']),
];
const drills: readonly DoorDrill[] = [
  {
    fault: 'strangers',
    isRepeated: true,
    events: (door) => [swipe(door, { card: strangersCard, granted: false, direction: 1 })],
  },
  { fault: 'duress', isRepeated: false, events: (door) => [event(door, 'alarm', [34, 'threat'])] },
  { fault: 'unticketed', isRepeated: false, events: (door) => [contractor(door), ...passes(door)] },
  // One grant, two passages.
  {
    fault: 'tailgated',
    isRepeated: false,
    events: (door) => [contractor(door), ...passes(door), ...passes(door)],
  },
];

export function createTraffic(seed: number): Traffic {
  const before = new Map<string, DoorState>();
  /** Who is behind which door: the next passage of the same card is the other way. */
  const inside = new Set<string>();
  const lastTried = new Map<string, number>();

  function passage(door: string, { atMs, cards, faults }: Moment): BoardEvent[] {
    const person = cards[hash(`${door} ${Math.floor(atMs / 1_000)}`, seed) % Math.max(1, cards.length)];
    const card = faults.unticketed.has(door) ? contractorsCard : person;
    // Nobody is there who could have opened it with a card: the exit button.
    if (card === undefined) return [event(door, 'door', [20, 'push button ok'])];
    const place = `${door} ${card}`;
    const isInside = inside.has(place);
    if (isInside) inside.delete(place);
    else inside.add(place);
    return [swipe(door, { card, granted: true, direction: isInside ? 2 : 1 })];
  }

  function changed(door: Door, was: DoorState, moment: Moment): BoardEvent[] {
    const { key, state } = door;
    if (state === was) return [];
    if (state === 'forced') return [event(key, 'alarm', [38, 'forced open'])];
    if (state === 'held') return [event(key, 'alarm', [37, 'door open too long'])];
    if (state === 'closed') return [event(key, 'door', [24, 'door closed'])];
    return [...passage(key, moment), event(key, 'door', [23, 'door opened'])];
  }

  /** What somebody does at a door during a drill; several drills at one door do not keep each other from beginning. */
  function drilled(key: string, { atMs, faults }: Moment): BoardEvent[] {
    return drills.flatMap(({ fault, events, isRepeated }) => {
      const name = `${fault} ${key}`;
      if (!faults[fault].has(key)) {
        lastTried.delete(name);
        return [];
      }
      const last = lastTried.get(name);
      if (last !== undefined && (!isRepeated || atMs - last < againEveryMs)) return [];
      lastTried.set(name, atMs);
      return events(key);
    });
  }

  return {
    look: (doors, moment) =>
      doors.flatMap((door) => {
        const was = before.get(door.key);
        before.set(door.key, door.state);
        const ordinary = was === undefined ? [] : changed(door, was, moment);
        return [...ordinary, ...drilled(door.key, moment)];
      }),
  };
}

function event(
  door: string,
  typeText: 'door' | 'alarm',
  [reason, reasonText]: readonly [number, string],
): BoardEvent {
  const type = typeText === 'door' ? 2 : 3;
  return { door, type, typeText, reason, reasonText, granted: typeText === 'door', card: '0', direction: 1 };
}

function swipe(
  door: string,
  { card, granted, direction }: Pick<BoardEvent, 'card' | 'granted' | 'direction'>,
): BoardEvent {
  const why = granted
    ? { reason: 1, reasonText: 'swipe' }
    : { reason: 6, reasonText: 'swipe:denied (no access rights)' };
  return { door, type: 1, typeText: 'swipe', ...why, granted, card, direction };
}
