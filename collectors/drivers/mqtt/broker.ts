import mqtt from 'mqtt';
import type { Logger } from 'pino';
import type { Broker } from '../../../config/model.ts';

export interface BrokerOptions {
  readonly broker: Broker;
  readonly filters: readonly string[];
  readonly onMessage: (
    topic: string,
    message: { readonly payload: Buffer; readonly retained: boolean },
  ) => void;
  readonly log: Logger;
}

/**
 * One connection to a broker, kept up for ever; nothing is ever published. MQTT 3.1.1, which every broker speaks. The
 * session is clean, and all topics are subscribed anew at every connect: a broker that was restarted knows none of them.
 * @returns a function that ends the connection and resolves when its socket is closed
 */
export function connectBroker({ broker, filters, onMessage, log }: BrokerOptions): () => Promise<void> {
  const client = mqtt.connect(broker.url, {
    protocolVersion: 4,
    clean: true,
    resubscribe: false,
    queueQoSZero: false,
    reconnectPeriod: 2_000,
    reconnectOnConnackError: true,
    connectTimeout: 5_000,
    keepalive: 15,
    subscribeBatchSize: 100,
    ...(broker.user === undefined ? {} : { username: broker.user }),
    ...(broker.password === undefined ? {} : { password: broker.password }),
  });
  let connected: boolean | undefined;

  client.on('connect', () => {
    if (connected !== true) log.info({ broker: broker.key, topics: filters.length }, 'broker connected');
    connected = true;
    client.subscribe([...filters], { qos: 1 }, (error, granted) => {
      const refused = (granted ?? []).filter(({ qos }) => qos === 128).map(({ topic }) => topic);
      if (error !== null && client.connected)
        log.error(
          { broker: broker.key, refused: refused.slice(0, 5), error: error.message },
          'subscription refused',
        );
    });
  });
  client.on('message', (topic, payload, packet) => onMessage(topic, { payload, retained: packet.retain }));
  client.on('close', () => {
    if (connected !== false) log.warn({ broker: broker.key }, 'broker lost');
    connected = false;
  });
  // Without a listener an error event would end the process; the close that follows says it once.
  client.on('error', (error) => log.debug({ broker: broker.key, error: error.message }, 'broker error'));

  return () => {
    // An end that was asked for is no loss.
    connected = false;
    return client.endAsync(true).catch(() => undefined);
  };
}
