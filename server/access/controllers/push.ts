import { createHash, timingSafeEqual } from 'node:crypto';
import type { Logger } from 'pino';
import { createListening, type Listening } from '../../../collectors/drivers/mqtt/listening.ts';
import { planEvent, readEvents, type EventRoute } from '../../../collectors/drivers/json/events.ts';
import { clockOffsetOf, createSourceClocks } from '../../../collectors/drivers/json/source-clock.ts';
import type { DeviceDiagnostics } from '../../../collectors/collectors.ts';
import type { Device, Model } from '../../../config/model.ts';
import { clockQuantity } from '../../../config/schema/diagnostics.ts';
import type { PushProfile } from '../../../config/schema/profile.ts';
import { instantOf, type Clock } from '../../../core/clock.ts';
import type { FieldEvent } from '../../../core/field-event.ts';
import { good, type ReadingSink } from '../../../core/reading.ts';
import type { EventStore } from '../event-store.ts';

type Transport = PushProfile['transport'];

/** Controllers that send their events to this server by themselves. */
export interface PushedControllers {
  /** The device that is known by this name on this transport. */
  find(transport: Transport, sender: string): PushedController | undefined;
  /** Somebody was refused: counted, nothing is stored. */
  refuse(sender: string, why: Refusal): void;
  refusals(): readonly Refused[];
  /** Of every such controller of the configuration, whichever site it is at. */
  diagnostics(): readonly DeviceDiagnostics[];
  /** Once a second: who has been silent for too long is lost. */
  tick(): void;
}

export type Refusal = 'unknown sender' | 'wrong key' | 'wrong signature' | 'outside the replay window';

interface Refused {
  readonly sender: string;
  readonly why: Refusal;
  readonly count: number;
  /** Epoch ms. */
  readonly lastAt: number;
}

export interface PushedController {
  readonly device: Device;
  /** Absent: none is configured, and nobody can prove to be this controller. */
  readonly key: string | undefined;
  isKey(given: string): boolean;
  /** It is there. */
  alive(): void;
  /**
   * Stores the events of these messages; resolves when they are durable, rejects while they cannot be stored.
   * What is wrong with some of them costs only those, and is counted under the device.
   */
  take(
    documents: readonly unknown[],
  ): Promise<{ added: number; repeated: number; errors: readonly string[] }>;
  /** What was wrong with a message that could not be read at all. */
  malformed(what: string): void;
}

export interface PushOptions {
  readonly model: Model;
  readonly clock: Clock;
  readonly log: Logger;
  readonly sink: ReadingSink;
  readonly store: EventStore['store'];
  /** Of source times that name none. */
  readonly zone: string;
}

/** Names of strangers come from outside: only so many are kept apart. */
const mostStrangers = 100;

export function createPushedControllers(options: PushOptions): PushedControllers {
  const { model, clock, log, sink, store, zone } = options;
  const clocks = createSourceClocks();
  const refused = new Map<string, Refused>();
  const listeners = new Map<string, { controller: PushedController; listening: Listening }>();
  for (const device of model.devices) {
    const { profile, address } = device;
    if (profile.protocol !== 'push' || address.protocol !== 'push') continue;
    const listening = createListening(device, { silentAfterMs: profile.silentAfter, log });
    listening.begin(instantOf(clock));
    const routes = (device.events ?? []).map(planEvent);
    const controller = controllerOf(device, { key: address.key, listening, routes });
    listeners.set(nameOf(profile.transport, address.sender), { controller, listening });
  }

  function controllerOf(
    device: Device,
    {
      key,
      listening,
      routes,
    }: { key: string | undefined; listening: Listening; routes: readonly EventRoute[] },
  ): PushedController {
    const alive = (): void => {
      const readings = listening.receive(instantOf(clock));
      if (readings.length > 0) sink(readings);
    };
    return {
      device,
      key,
      isKey: (given) => key !== undefined && isSame(given, key),
      alive,
      async take(documents) {
        const now = instantOf(clock);
        const read = documents.map((document) =>
          readEvents(routes, document, { source: device.key, zone, now: now.at }),
        );
        const errors = read.flatMap((each) => each.errors);
        alive();
        listening.watch.decodeErrors(errors.length, errors[0] ?? '');
        listening.eventTrouble(errors[0]);
        const events = clocks.stamp(
          read.flatMap((each) => each.events),
          now,
        );
        watchClock(device, listening, events);
        return { ...(await store(events)), errors };
      },
      malformed(what) {
        listening.watch.count('malformed');
        listening.watch.note(what);
      },
    };
  }

  function watchClock(device: Device, listening: Listening, events: readonly FieldEvent[]): void {
    const offset = clockOffsetOf(events);
    const point = device.diagnostics.find(({ quantity }) => quantity === clockQuantity);
    if (offset === undefined) return;
    listening.watch.clock(offset);
    if (point === undefined) return;
    sink([{ point: point.index, at: clock.now(), value: Math.abs(offset) / 1_000, quality: good }]);
  }

  return {
    find: (transport, sender) => listeners.get(nameOf(transport, sender))?.controller,
    refuse(sender, why) {
      const name = `${sender.slice(0, 64)} ${why}`;
      const known = refused.get(name);
      if (known === undefined) {
        if (refused.size >= mostStrangers) return;
        log.warn(
          { sender: sender.slice(0, 64), why },
          'a door controller is refused; nothing of it is stored',
        );
      }
      refused.set(name, {
        sender: sender.slice(0, 64),
        why,
        count: (known?.count ?? 0) + 1,
        lastAt: clock.now(),
      });
    },
    refusals: () => [...refused.values()],
    diagnostics: () => [...listeners.values()].map(({ listening }) => listening.watch.diagnostics()),
    tick() {
      const now = instantOf(clock);
      const readings = [...listeners.values()].flatMap(({ listening }) =>
        listening.sweep(now, () => undefined),
      );
      if (readings.length > 0) sink(readings);
    },
  };
}

function nameOf(transport: Transport, sender: string): string {
  return `${transport} ${sender}`;
}

/** Takes the same time whatever was given. */
function isSame(given: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(right));
}
