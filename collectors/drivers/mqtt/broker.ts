import mqtt from 'mqtt';
import { readFileSync } from 'node:fs';
import type { IClientOptions } from 'mqtt';
import type { Logger } from 'pino';
import type { Broker, BrokerTls } from '../../../config/model.ts';
import type { Message } from './message.ts';

export interface BrokerOptions {
  readonly broker: Broker;
  readonly filters: readonly string[];
  /** Those of them that are subscribed with QoS 1: see below. */
  readonly eventFilters?: ReadonlySet<string>;
  /** Connected again; the topics are subscribed before anything is published. */
  readonly onConnect: () => void;
  readonly onMessage: (topic: string, message: Message) => void;
  /** It was lost, or could not be reached; each reason once until it is back. */
  readonly onTrouble: (why: string) => void;
  /** The broker will not let us read these. */
  readonly onRefused: (topics: readonly string[]) => void;
  readonly log: Logger;
  readonly timing?: BrokerTiming | undefined;
}

export interface BrokerTiming {
  /** A connection that is silent for one and a half times as long is given up. */
  readonly keepaliveS: number;
  readonly reconnectMs: number;
  /** For the broker's answer to the first packet. */
  readonly connectMs: number;
}

export interface BrokerConnection {
  /** Why nothing can come from it now; undefined while it is connected. */
  trouble(): string | undefined;
  /** Once and at most once; false: there is no connection, and it is forgotten. */
  publish(topic: string, payload: Buffer): boolean;
  /** Ends for good; resolves when the socket is closed. */
  end(): Promise<void>;
}

const usual: BrokerTiming = { keepaliveS: 15, reconnectMs: 2_000, connectMs: 5_000 };
const topicsAtOnce = 100;
const noFilters: ReadonlySet<string> = new Set();
/** A broker of version 5 keeps larger ones to itself; with 3.1.1 only the broker's own limit counts. */
const maxPacketBytes = 16 * 1_024 * 1_024;

/**
 * One connection to a broker, kept up forever. The session is clean, and all topics are subscribed again at every
 * connect: a broker that was restarted knows none of them. Topics of values have QoS 0: within a connection TCP loses nothing, behind it a
 * clean session keeps nothing, and brokers that wait for acknowledgements drop what they cannot queue (mosquitto, above
 * 1,000). Topics of events have QoS 1, so that a message counts as delivered only once its events are in the queue file (the listener
 * returns before the acknowledgement is sent). What is published while there is no connection is lost all the same: the gap shows in the
 * device's own numbering. Retained messages are asked for (last wills are), but live ones never carry the mark.
 */
export function connectBroker(options: BrokerOptions): BrokerConnection {
  const {
    broker,
    filters,
    eventFilters = noFilters,
    onConnect,
    onMessage,
    onTrouble,
    onRefused,
    log,
    timing = usual,
  } = options;
  const settings: IClientOptions = {
    protocolVersion: broker.version === '3.1.1' ? 4 : 5,
    properties: { maximumPacketSize: maxPacketBytes },
    clean: true,
    // Every 16-bit number as a buffer of its own, 65,536 of them and 7 MB, for a client that writes a few acknowledgements.
    writeCache: false,
    resubscribe: false,
    queueQoSZero: false,
    reconnectPeriod: timing.reconnectMs,
    reconnectOnConnackError: true,
    connectTimeout: timing.connectMs,
    keepalive: timing.keepaliveS,
    ...(broker.user === undefined ? {} : { username: broker.user }),
    ...(broker.password === undefined ? {} : { password: broker.password }),
    ...readTls(broker.tls),
  };
  let connected = false;
  let ended = false;
  let trouble: string | undefined = 'not connected yet';
  /** Since the last close. */
  let lastError: Error | undefined;
  /** What was logged since the connection was lost: a broker that stays away is silent in the log. */
  const told = new Set<string>();

  const client = mqtt.connect(broker.url, settings);
  client.on('connect', () => {
    connected = true;
    trouble = undefined;
    told.clear();
    const version = client.options.protocolVersion === 5 ? '5' : '3.1.1';
    log.info({ broker: broker.key, topics: filters.length, version }, 'broker connected');
    for (let at = 0; at < filters.length; at += topicsAtOnce) subscribe(filters.slice(at, at + topicsAtOnce));
    onConnect();
  });
  client.on('message', (topic, payload, packet) => onMessage(topic, { payload, retained: packet.retain }));
  // Only answers to its own packets count for the library. Behind a backlog of messages the answer to a ping is late, and a connection that
  // brings them all would be given up with them. The broker still wants a sign of life.
  let stirredAt = performance.now();
  client.on('packetreceive', ({ cmd }) => {
    const now = performance.now();
    if (cmd !== 'publish' || now - stirredAt < (timing.keepaliveS * 1_000) / 2) return;
    stirredAt = now;
    client.sendPing();
    client.reschedulePing(true);
  });
  // Without a listener an error event would end the process; the close that follows logs it once.
  client.on('error', (error) => {
    lastError = error;
    if (connected) client.stream.destroy();
  });
  client.on('close', () => {
    if (ended) return;
    if (!connected) fallBack();
    trouble = lastError === undefined ? 'the connection was closed' : explainTrouble(lastError);
    connected = false;
    lastError = undefined;
    if (told.has(trouble)) return;
    told.add(trouble);
    log.warn({ broker: broker.key, why: trouble }, 'broker lost');
    onTrouble(trouble);
  });
  // A certificate that was renewed meanwhile is taken up.
  client.on('reconnect', () => void Object.assign(client.options, readTls(broker.tls)));

  function subscribe(topics: readonly string[]): void {
    const wanted = Object.fromEntries(
      topics.map((topic) => [topic, { qos: eventFilters.has(topic) ? 1 : 0 } as const]),
    );
    client.subscribe(wanted, {}, (_error, _subscriptions, answer) => {
      const codes: readonly unknown[] = answer?.granted ?? [];
      const refused = topics.filter((_, index) => Number(codes[index] ?? 0) >= 128);
      if (refused.length === 0) return;
      log.error(
        { broker: broker.key, refused: refused.length, topics: refused.slice(0, 5) },
        'subscription refused: let this user read these topics',
      );
      onRefused(refused);
    });
  }

  /** Brokers before version 5 say so, or just hang up. */
  function fallBack(): void {
    if (broker.version !== undefined || client.options.protocolVersion !== 5) return;
    if (lastError === undefined || isVersionRefusal(lastError)) client.options.protocolVersion = 4;
  }

  return {
    trouble: () => trouble,
    publish: (topic, payload) => {
      if (client.connected) client.publish(topic, payload, { qos: 0 });
      return client.connected;
    },
    end: () => {
      ended = true;
      return client.endAsync(true).catch(() => undefined);
    },
  };
}

/** A file that is gone is reported by the handshake that fails without it. */
function readTls(tls: BrokerTls | undefined): IClientOptions {
  if (tls === undefined) return {};
  const { ca, cert, key, servername } = tls;
  const keyText = key === undefined ? undefined : 'pem' in key ? key.pem : readFile(key.file);
  return {
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca: readFile(ca) }),
    ...(cert === undefined ? {} : { cert: readFile(cert) }),
    ...(keyText === undefined ? {} : { key: keyText }),
    ...(servername === undefined ? {} : { servername }),
  };
}

function readFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** What one device may send between two ticks. A message costs one, and one more for every 4 kB of it. */
const usualCost = 200;
/** A gateway speaks for many: this much for each of its topics, where that is more. */
const costPerTopic = 4;
const bytesPerCost = 4_096;
/** Events that a controller replays after an outage come as fast as it can send. */
const eventCost = 2_000;

/** Keeps one device from taking all the time there is. Of what is too much, the newest of each topic waits for the tick. */
export interface FloodGate<Route, Message> {
  /** False: too much; it is kept in place of what waited of this route. */
  pass(route: Route, message: Message, bytes: number): boolean;
  /** False: too much even for events; `pass` decides. */
  passEvent(bytes: number): boolean;
  /** Ends the tick. `surplus`: how many messages did not pass, those that waited included. */
  tick(): { readonly waiting: readonly (readonly [Route, Message])[]; readonly surplus: number };
}

const allPassed = { waiting: [], surplus: 0 } as const;

export function createFloodGate<Route, Message>(topics: number): FloodGate<Route, Message> {
  const allowed = Math.max(usualCost, topics * costPerTopic);
  const waiting = new Map<Route, Message>();
  let spent = 0;
  let spentOnEvents = 0;
  let surplus = 0;
  return {
    pass(route, message, bytes) {
      if (spent < allowed) {
        spent += 1 + bytes / bytesPerCost;
        return true;
      }
      surplus += 1;
      waiting.set(route, message);
      return false;
    },
    passEvent(bytes) {
      if (spentOnEvents >= eventCost) return false;
      spentOnEvents += 1 + bytes / bytesPerCost;
      return true;
    },
    tick() {
      spent = 0;
      spentOnEvents = 0;
      if (surplus === 0) return allPassed;
      const result = { waiting: [...waiting], surplus };
      waiting.clear();
      surplus = 0;
      return result;
    },
  };
}

/** Codes of Node's TLS and of MQTT → what to do about it, in one line. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_SIGNATURE_FAILURE)$/,
    'its certificate was not signed by the authority in tls.ca',
  ],
  [/^CERT_HAS_EXPIRED$/, 'its certificate has expired: renew it at the broker'],
  [/^CERT_NOT_YET_VALID$/, 'its certificate is not valid yet: compare the clocks'],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'its certificate is for another name: correct url or tls.servername'],
  [
    /ALERT_(CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE)$/,
    'it asks for a client certificate: set tls.cert and tls.key',
  ],
  [
    /ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_\w+|UNSUPPORTED_CERTIFICATE)$/,
    'it refuses the client certificate in tls.cert',
  ],
  [/^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)$/, 'it speaks no TLS on this port'],
  [/^(4|5|134|135)$/, 'it refuses the user or the password'],
];

/** What keeps a broker from being read: the library's own words, and the remedy where there is one. */
function explainTrouble(error: Error): string {
  const code = codeOf(error);
  const remedy = remedies.find(([pattern]) => pattern.test(code))?.[1];
  const text = error.message.split('\n', 1)[0] ?? '';
  return remedy === undefined ? text || code : `${remedy} (${text})`;
}

/** The broker does not speak the version it was addressed in: MQTT 3.1.1's code 1, MQTT 5's 0x84. */
function isVersionRefusal(error: Error): boolean {
  return ['1', '132'].includes(codeOf(error));
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}
