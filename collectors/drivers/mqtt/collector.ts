import type { Logger } from 'pino';
import type { Broker, Device } from '../../../config/model.ts';
import type { Clock } from '../../clock.ts';
import type { Collectors, DeviceHealth } from '../../collectors.ts';
import { createWatch, type DeviceWatch } from '../../poller/watch.ts';
import { createCounters } from '../../profile/counters.ts';
import { toReadings } from '../../profile/decode.ts';
import type { Reading, ReadingSink } from '../../reading.ts';
import { connectBroker } from './broker.ts';
import { readMessage, type Message } from './message.ts';
import { planRoutes, type Route } from './routes.ts';

export interface MqttOptions {
  readonly devices: readonly Device[];
  readonly clock: Clock;
  readonly sink: ReadingSink;
  readonly log: Logger;
  /** Of source times that name none, e.g. `Asia/Jakarta`. */
  readonly zone: string;
}

interface Listening {
  readonly watch: DeviceWatch;
  readonly silentAfterMs: number;
  readonly linkEveryMs: number;
  /** Of the last message that was news; at first of the start. */
  heardAt: number;
  linkAt: number;
}

/** One timer looks at all devices for silence. */
const sweepMs = 1_000;

/** Devices that speak by themselves: one client a broker, readings as messages come, lost when silent for too long. */
export function createMqttCollector(options: MqttOptions): Collectors {
  const { devices, clock, sink, log, zone } = options;
  const listening = new Map<Device, Listening>(devices.map((device) => [device, listenTo(device, log)]));
  const counters = createCounters();
  const abort = new AbortController();
  let disconnect: (() => Promise<void>)[] = [];
  let sweeping = Promise.resolve();

  function receive(route: Route, message: Message): void {
    const state = listening.get(route.device);
    if (state === undefined) return;
    if (route.availability !== undefined) {
      // The will is true of now even when retained; "online" alone measures nothing, so only data brings a device back.
      if (message.payload.toString('utf8').trim() !== route.availability.offline) return;
      state.watch.lose('its last will says offline');
      sink(linkOf(state, clock.now()));
      return;
    }
    const now = clock.now();
    const { values, understood, errors } = readMessage(route, message, zone);
    const { readings, decodeErrors } = toReadings(values, now, counters);
    state.watch.decodeErrors(errors.length, errors[0] ?? '');
    state.watch.decodeErrors(decodeErrors, `${decodeErrors} values of a message could not be decoded`);
    if (!message.retained && understood) hear(state, now, readings);
    if (readings.length > 0) sink(readings);
  }

  function hear(state: Listening, now: number, readings: Reading[]): void {
    const before = state.watch.presence.state;
    state.heardAt = now;
    state.watch.count('polls');
    state.watch.answer(now);
    if (before !== 'ok') readings.push(...linkOf(state, now));
  }

  /** Link readings of those whose turn it is, lost or not, so that a link never goes stale while this collector lives. */
  function sweep(now: number): void {
    const readings: Reading[] = [];
    for (const state of listening.values()) {
      const silent = now - state.heardAt > state.silentAfterMs;
      const edge = silent && state.watch.presence.state !== 'lost';
      if (edge) {
        state.watch.count('timeouts');
        state.watch.lose(`silent for more than ${state.silentAfterMs / 1_000} s`);
      }
      if (edge || now - state.linkAt >= state.linkEveryMs) readings.push(...linkOf(state, now));
    }
    if (readings.length > 0) sink(readings);
  }

  async function keepSweeping(): Promise<void> {
    let due = clock.now();
    while (!abort.signal.aborted) {
      due = Math.max(due + sweepMs, clock.now());
      await clock.until(due, abort.signal);
      if (!abort.signal.aborted) sweep(clock.now());
    }
  }

  return {
    start() {
      const now = clock.now();
      for (const state of listening.values()) state.heardAt = now;
      disconnect = brokersOf(devices).map((broker) => {
        const routes = planRoutes(devices.filter((device) => brokerOf(device)?.key === broker.key));
        return connectBroker({
          broker,
          filters: routes.filters,
          log,
          onMessage: (topic, message) => {
            for (const route of routes.find(topic)) receive(route, message);
          },
        });
      });
      sweeping = keepSweeping();
    },
    health: (): DeviceHealth[] => [...listening.values()].map(({ watch }) => watch.health()),
    async stop() {
      abort.abort();
      await Promise.all([sweeping, ...disconnect.splice(0).map((end) => end())]);
    },
  };
}

function listenTo(device: Device, log: Logger): Listening {
  if (device.profile.protocol !== 'mqtt') throw new TypeError(`${device.key} is no MQTT device`);
  return {
    watch: createWatch(device, log),
    silentAfterMs: device.profile.silentAfter,
    linkEveryMs: device.link.intervalMs,
    heardAt: 0,
    linkAt: 0,
  };
}

function linkOf(state: Listening, now: number): Reading[] {
  const reading = state.watch.linkReading(now);
  if (reading === undefined) return [];
  state.linkAt = now;
  return [reading];
}

function brokerOf(device: Device): Broker | undefined {
  return device.address.protocol === 'mqtt' ? device.address.broker : undefined;
}

/** Each broker once. */
function brokersOf(devices: readonly Device[]): Broker[] {
  const brokers = devices.map(brokerOf).filter((broker) => broker !== undefined);
  return [...new Map(brokers.map((broker) => [broker.key, broker])).values()];
}
