import type { Device, Model } from '../../config/model.ts';
import type { EventRead } from '../../config/point-source.ts';
import { timeText } from '../devices/payload.ts';
import type { Field } from '../field.ts';
import { partKey } from '../physics/faults.ts';
import { hash } from '../physics/noise.ts';
import { cardsOnShift } from './staff.ts';
import { createTraffic, type BoardEvent, type Door, type DoorState } from './traffic.ts';

/** A simulated UHPPOTE board behind a bridge: what it publishes beside the states of its doors. */
export interface Board {
  /** What has happened since the last look; epoch ms. */
  look(now: number): readonly { readonly topic: string; readonly payload: string }[];
}

interface BoardOptions {
  readonly field: Field;
  readonly people?: Model['people'];
  readonly seed: number;
}

const states: readonly DoorState[] = ['closed', 'open', 'forced', 'held'];

/** Undefined: the device is no controller that reads cards. */
export function boardOf(device: Device, { field, people, seed }: BoardOptions): Board | undefined {
  const reads = (device.events ?? []).filter(({ kinds }) =>
    kinds.some(({ kind }) => kind === 'access-granted'),
  );
  if (device.kind !== 'door' || reads.length === 0) return undefined;
  const doors = device.points
    .filter(({ quantity }) => quantity === 'door-state')
    .map((point) => ({ point, key: partKey(device.key, point.part), read: field.reader(device, point) }));
  const traffic = createTraffic(seed);
  const serial = 400_000_000 + (hash(device.key, 1) % 20_000_000);
  let number = 0;

  function stateOf(read: (typeof doors)[number]['read']): DoorState {
    const answer = read();
    const name = 'value' in answer ? answer.value : undefined;
    return states.find((state) => state === name) ?? 'closed';
  }

  function message(event: BoardEvent, now: number): { topic: string; payload: string } | undefined {
    const index = doors.findIndex(({ key }) => key === event.door);
    const part = doors[index]?.point.part;
    const read = reads.find((each: EventRead) => each.part === part);
    if (read === undefined) return undefined;
    number += 1;
    const payload = {
      'device-id': serial, 'event-id': number, 'event-type': event.type, 'event-type-text': event.typeText,
      'access-granted': event.granted, 'door-id': index + 1, direction: event.direction, 'card-number': Number(event.card),
      'event-reason': event.reason, 'event-reason-text': event.reasonText, timestamp: timeText(now, 'abbreviated-zone'),
    }; // prettier-ignore
    return { topic: read.topic, payload: JSON.stringify(payload) };
  }

  return {
    look(now) {
      const seen = doors.map(({ key, read }): Door => ({ key, state: stateOf(read) }));
      const moment = { atMs: now, cards: cardsOnShift(people, now), faults: field.faultsAt(device.site) };
      return traffic.look(seen, moment).flatMap((event) => message(event, now) ?? []);
    },
  };
}
