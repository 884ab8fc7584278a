import type { Logger } from 'pino';
import type { Broker, Device } from '../../../config/model.ts';
import { isSparkplug } from '../../../config/schema/profile.ts';
import { instantOf, type Clock, type Instant } from '../../../core/clock.ts';
import type { Collectors, DeviceDiagnostics } from '../../collectors.ts';
import { admitEvent, type EventSink } from '../../../core/field-event.ts';
import type { Reading, ReadingSink } from '../../../core/reading.ts';
import {
  type BrokerConnection,
  type BrokerTiming,
  type FloodGate,
  connectBroker,
  createFloodGate,
} from './broker.ts';
import { awayText, createListening, disconnected, type Listening, type OnDecoded } from './listening.ts';
import { clockOffsetOf, createSourceClocks } from '../json/source-clock.ts';
import { bytesToRead, readMessage, readWill, type Message } from './message.ts';
import { planRoutes, type Route, type Routes } from './routes.ts';
import type { Publish } from './sparkplug/edge.ts';
import { createHost, type Host } from './sparkplug/host.ts';

export interface MqttOptions {
  readonly devices: readonly Device[];
  readonly clock: Clock;
  readonly sink: ReadingSink;
  /** Called before the message is acknowledged to the broker. Absent: events are not wanted. */
  readonly events?: EventSink | undefined;
  readonly log: Logger;
  /** Of source times that name none, e.g. `Asia/Jakarta`. */
  readonly zone: string;
  readonly timing?: BrokerTiming;
  readonly onDecoded?: OnDecoded;
}

interface Listener extends Listening {
  /** Absent where an edge node speaks for many and has one of its own. */
  readonly gate?: FloodGate<Route, Message>;
}

/** What is taken from one broker, and how it is read. */
interface Line {
  readonly broker: Broker;
  readonly routes: Routes;
  readonly host: Host;
}

/** One timer looks at all devices for silence. */
const sweepMs = 1_000;

/** Devices that speak by themselves: one client a broker, readings as messages come, lost when silent for too long. */
export function createMqttCollector(options: MqttOptions): Collectors {
  const { devices, clock, log, zone } = options;
  const listeners = new Map<Device, Listener>(devices.map((device) => [device, listenTo(device, options)]));
  const lines = brokersOf(devices).map((broker): Line => {
    const here = [...listeners].filter(([device]) => brokerOf(device)?.key === broker.key);
    const edges = here.filter(([{ profile }]) => isSparkplug(profile));
    const others = here.filter(([{ profile }]) => !isSparkplug(profile)).map(([device]) => device);
    return { broker, routes: planRoutes(others), host: createHost(new Map(edges), log) };
  });
  const clocks = createSourceClocks();
  const connections = new Map<string, BrokerConnection>();
  const abort = new AbortController();
  let sweeping = Promise.resolve();

  function sink(readings: readonly Reading[]): void {
    if (readings.length > 0) options.sink(readings);
  }

  function receive(route: Route, message: Message): void {
    const listener = listeners.get(route.device);
    const gate = listener?.gate;
    if (listener === undefined || gate === undefined) return;
    const bytes = bytesToRead(message);
    // Of values the newest is enough; of events none may be missed, up to a limit of their own.
    const passes =
      route.events.length > 0
        ? gate.passEvent(bytes) || gate.pass(route, message, bytes)
        : gate.pass(route, message, bytes);
    if (passes) take(route, message, listener);
  }

  function take(route: Route, message: Message, listener: Listener): void {
    const now = instantOf(clock);
    if (route.availability !== undefined) {
      const will = readWill(route.availability, message);
      if (will === undefined) notUnderstood(listener, 'its last will says neither word');
      // A will the broker kept may be older than what was received since; if it is true, the silence timeout will report it.
      if (will !== 'offline' || (message.retained && listener.isFresh(now))) return;
      sink(listener.leave('its last will says offline', now));
      return;
    }
    if (message.payload.length === 0 && isGoneWhenEmpty(route.device)) {
      const why = `it says that it is gone: an empty message`;
      sink([...disconnected(route.device, now), ...listener.leave(why, now)]);
      return;
    }
    const { values, events, understood, errors, malformed } = readMessage(route, message, {
      zone,
      now: now.at,
    });
    const readings = listener.decode(values, now, message.retained);
    if (malformed !== undefined) notUnderstood(listener, malformed);
    listener.watch.decodeErrors(errors.length, errors[0] ?? '');
    if (route.events.length > 0) listener.eventTrouble(malformed ?? errors[0]);
    if (events.length > 0) {
      const stamped = clocks.stamp(events, now);
      const offset = clockOffsetOf(stamped);
      if (offset !== undefined) listener.watch.clock(offset);
      options.events?.(stamped.map((event) => admitEvent(event, now.at)));
    }
    if (!message.retained && understood) readings.push(...listener.receive(now));
    sink(readings);
  }

  function publishTo({ key }: Broker): Publish {
    return (topic, payload) => connections.get(key)?.publish(topic, payload) ?? false;
  }

  function sweep(now: Instant): void {
    const readings = lines.flatMap(({ broker, host }) =>
      host.tick(now, broker.rebirth === false ? undefined : publishTo(broker)),
    );
    // Nearly all have nothing to report, and there are hundreds: nothing is made for those.
    for (const [device, listener] of listeners) {
      if (listener.gate !== undefined) {
        const { waiting, surplus } = listener.gate.tick();
        listener.surplus(surplus);
        for (const [route, message] of waiting) take(route, message, listener);
      }
      const trouble = (): string | undefined => connections.get(brokerOf(device)?.key ?? '')?.trouble();
      for (const reading of listener.sweep(now, trouble)) readings.push(reading);
    }
    sink(readings);
  }

  async function keepSweeping(): Promise<void> {
    let due = clock.monotonic();
    while (!abort.signal.aborted) {
      due = Math.max(due + sweepMs, clock.monotonic());
      await clock.sleep(due - clock.monotonic(), abort.signal);
      if (!abort.signal.aborted) sweep(instantOf(clock));
    }
  }

  function connect({ broker, routes, host }: Line): BrokerConnection {
    return connectBroker({
      broker,
      filters: [...routes.filters, ...host.filters],
      eventFilters: routes.eventFilters,
      log,
      timing: options.timing,
      onConnect: () => host.connected(),
      onMessage: (topic, message) => {
        for (const route of routes.find(topic)) receive(route, message);
        sink(host.receive(topic, message, instantOf(clock)));
      },
      onTrouble: (why) => {
        for (const [device, { watch }] of listeners)
          if (brokerOf(device)?.key === broker.key) watch.note(awayText(why));
      },
      onRefused: (filters) => {
        for (const filter of filters) {
          const wanting = [...routes.of(filter).map(({ device }) => device), ...host.of(filter)];
          for (const device of wanting) listeners.get(device)?.refuse(filter);
        }
      },
    });
  }

  return {
    start() {
      const now = instantOf(clock);
      for (const listener of listeners.values()) listener.begin(now);
      for (const line of lines) connections.set(line.broker.key, connect(line));
      sweeping = keepSweeping();
    },
    diagnostics: (): DeviceDiagnostics[] => [...listeners.values()].map(({ watch }) => watch.diagnostics()),
    async stop() {
      abort.abort();
      const open = [...connections.values()];
      connections.clear();
      await Promise.all([sweeping, ...open.map((connection) => connection.end())]);
    },
  };
}

function listenTo(device: Device, { log, onDecoded }: MqttOptions): Listener {
  if (device.profile.protocol !== 'mqtt') throw new TypeError(`${device.key} is no MQTT device`);
  const listening = createListening(device, {
    silentAfterMs: device.profile.silentAfter,
    log,
    onDecoded,
  });
  if (isSparkplug(device.profile)) return listening;
  return { ...listening, gate: createFloodGate(planRoutes([device]).filters.length) };
}

function notUnderstood({ watch }: Listener, what: string): void {
  watch.count('malformed');
  watch.note(what);
}

function isGoneWhenEmpty({ profile }: Device): boolean {
  return profile.protocol === 'mqtt' && profile.empty === 'gone';
}

function brokerOf(device: Device): Broker | undefined {
  return device.address.protocol === 'mqtt' ? device.address.broker : undefined;
}

/** Each broker once. */
function brokersOf(devices: readonly Device[]): Broker[] {
  const brokers = devices.map(brokerOf).filter((broker) => broker !== undefined);
  return [...new Map(brokers.map((broker) => [broker.key, broker])).values()];
}
