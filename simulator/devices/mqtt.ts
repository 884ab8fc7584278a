import { grouped } from '../../core/grouped.ts';
import { createServer } from 'node:net';
import { Aedes } from 'aedes';
import type { Device, Model } from '../../config/model.ts';
import type { MqttProfile } from '../../config/schema/profile.ts';
import type { Field } from '../field.ts';
import { boardOf, type Board } from '../doors/board.ts';
import { type Listener, Wheel, listenTcp, settled } from './endpoint.ts';
import { type MessagePlan, payloadText, planMessages, willText } from './payload.ts';

export interface Publishers extends Listener {
  /** Publishes what is due at `now`, and at once what changed where a device is event-driven. */
  turn(now: number): void;
  /** Resolves when all that was published is with the subscribers. */
  idle(): Promise<void>;
}

/** Devices repeat what has not changed after this long, those that guard something sooner. */
const periodMs = { usual: 10_000, safety: 5_000 } as const;
const changesEveryMs = 1_000;

interface Publisher {
  readonly device: Device;
  readonly profile: MqttProfile;
  readonly topic: string;
  readonly messages: readonly MessagePlan[];
  readonly reportsChanges: boolean;
  /** Of a door controller that numbers its events. */
  readonly board: Board | undefined;
  /** States at the last look; undefined before the first. */
  seen: string | undefined;
  online: boolean | undefined;
}

/** The brokers of the sites, with the devices that publish there. Rejects with PortInUseError. */
export async function serveMqtt(
  devices: readonly Device[],
  field: Field,
  doors: { readonly people?: Model['people']; readonly seed: number } = { seed: 1 },
): Promise<Publishers[]> {
  const talkers = devices.flatMap((device) =>
    device.address.protocol === 'mqtt' && device.profile.protocol === 'mqtt'
      ? [{ device, profile: device.profile, ...device.address }]
      : [],
  );
  const groups = grouped(talkers, ({ broker }) => broker.url);
  return settled(
    await Promise.allSettled(
      [...groups].map(([url, here]) =>
        openBroker(
          url,
          here.map(({ device, profile, topic }) => publisherOf(device, { profile, topic, field, doors })),
          field,
        ),
      ),
    ),
  );
}

function publisherOf(
  device: Device,
  {
    profile,
    topic,
    field,
    doors,
  }: {
    profile: MqttProfile;
    topic: string;
    field: Field;
    doors: { readonly people?: Model['people']; readonly seed: number };
  },
): Publisher {
  return {
    device,
    profile,
    topic,
    messages: planMessages(device.points.map((point) => ({ point, read: field.reader(device, point) }))),
    reportsChanges: device.interval === 'safety',
    board: boardOf(device, { field, ...doors }),
    seen: undefined,
    online: undefined,
  };
}

async function openBroker(url: string, publishers: readonly Publisher[], field: Field): Promise<Publishers> {
  const { hostname, port } = new URL(url);
  const broker = await Aedes.createBroker();
  const listener = await listenTcp(createServer(broker.handle), {
    host: hostname,
    port: Number(port || '1883'),
  }).catch((error: unknown) => {
    broker.close();
    throw error;
  });
  const outbox = createOutbox(broker);
  const send = (topic: string, payload: string, retain = false): void =>
    outbox.send({ topic, payload, retain });
  const wheel = new Wheel<() => void>();
  let now = 0;
  for (const publisher of publishers) {
    for (const message of publisher.messages)
      wheel.add(() => publish(message), { name: message.topic, periodMs: periodOf(publisher) });
    wheel.add(() => look(publisher), { name: publisher.device.key, periodMs: changesEveryMs });

    function publish(message: MessagePlan): void {
      if (!field.isSilent(publisher.device))
        send(message.topic, payloadText(message, publisher.profile.time, now));
    }
  }

  /** The edges: a device that comes or goes (its last will), a state that changed. */
  function look(publisher: Publisher): void {
    const online = !field.isSilent(publisher.device);
    const { availability } = publisher.profile;
    if (online !== publisher.online && availability !== undefined)
      send(availability.topic.replaceAll('{topic}', publisher.topic), willText(availability, online), true);
    publisher.online = online;
    if (!online || !publisher.reportsChanges) return;
    for (const { topic, payload } of publisher.board?.look(now) ?? []) send(topic, payload);
    const seen = publisher.messages.map(statesOf).join();
    if (publisher.seen !== undefined && seen !== publisher.seen)
      for (const message of publisher.messages)
        send(message.topic, payloadText(message, publisher.profile.time, now));
    publisher.seen = seen;
  }

  return {
    turn(at) {
      now = at;
      for (const job of wheel.turn(at)) job();
    },
    idle: () => outbox.idle(),
    async close() {
      await new Promise<void>((resolve) => {
        broker.close(resolve);
      });
      await listener.close();
    },
  };
}

function periodOf({ profile, reportsChanges }: Publisher): number {
  return Math.min(reportsChanges ? periodMs.safety : periodMs.usual, profile.silentAfter / 3);
}

function statesOf({ values }: MessagePlan): string {
  return values
    .filter(({ point }) => point.unit === 'state')
    .map(({ read }) => {
      const answer = read();
      return 'value' in answer ? answer.value : answer.broken;
    })
    .join();
}

interface Outgoing {
  readonly topic: string;
  readonly payload: string;
  readonly retain: boolean;
}

interface Outbox {
  send(message: Outgoing): void;
  /** Resolves when all that was sent is with the subscribers. */
  idle(): Promise<void>;
}

/** A subscriber that takes nothing any more must not fill our memory: a real broker drops as well. */
const longest = 5_000;

/**
 * Publishes one message after another. Aedes stores a retained message before it delivers it, and takes what was overtaken
 * meanwhile for a duplicate: without an order, last wills would be lost among the measurements.
 */
function createOutbox(broker: Aedes): Outbox {
  const waiting: Outgoing[] = [];
  const idlers: (() => void)[] = [];
  let busy = false;

  function next(): void {
    const message = waiting.shift();
    busy = message !== undefined;
    if (message === undefined) {
      for (const resolve of idlers.splice(0)) resolve();
      return;
    }
    const { topic, retain, payload } = message;
    broker.publish({ cmd: 'publish', qos: 0, dup: false, retain, topic, payload: Buffer.from(payload) }, () =>
      setImmediate(next),
    );
  }

  return {
    send(message) {
      if (waiting.length >= longest) waiting.shift();
      waiting.push(message);
      if (!busy) next();
    },
    idle: () => (busy ? new Promise((resolve) => idlers.push(resolve)) : Promise.resolve()),
  };
}
