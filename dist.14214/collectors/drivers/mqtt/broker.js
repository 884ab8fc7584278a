import { readFileSync } from 'node:fs';
import mqtt from 'mqtt';
import { explainTrouble, isVersionRefusal } from "./trouble.js";
const usual = { keepaliveS: 15, reconnectMs: 2_000, connectMs: 5_000 };
const topicsAtOnce = 100;
const noFilters = new Set();
/** A broker of version 5 keeps larger ones to itself; with 3.1.1 only the broker's own limit counts. */
const maxPacketBytes = 16 * 1_024 * 1_024;
/**
 * One connection to a broker, kept up for ever. The session is clean, and all topics are subscribed anew at every
 * connect: a broker that was restarted knows none of them. Topics of values have QoS 0: within a connection TCP loses nothing, behind it a
 * clean session keeps nothing, and brokers that wait for acknowledgements drop what they cannot queue (mosquitto, above
 * 1,000). Topics of events have QoS 1, so that a message counts as delivered only once its events are in the queue file (the listener
 * returns before the acknowledgement is sent). What is published while there is no connection is lost all the same: the gap shows in the
 * device's own numbering. Retained messages are asked for (last wills are), but live ones never carry the mark.
 */
export function connectBroker(options) {
    const { broker, filters, eventFilters = noFilters, onConnect, onMessage, onTrouble, onRefused, log, timing = usual, } = options;
    const settings = {
        protocolVersion: broker.version === '3.1.1' ? 4 : 5,
        properties: { maximumPacketSize: maxPacketBytes },
        clean: true,
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
    let trouble = 'not connected yet';
    /** Since the last close. */
    let lastError;
    /** What was logged since the connection was lost: a broker that stays away is silent in the log. */
    const told = new Set();
    const client = mqtt.connect(broker.url, settings);
    client.on('connect', () => {
        connected = true;
        trouble = undefined;
        told.clear();
        const version = client.options.protocolVersion === 5 ? '5' : '3.1.1';
        log.info({ broker: broker.key, topics: filters.length, version }, 'broker connected');
        for (let at = 0; at < filters.length; at += topicsAtOnce)
            subscribe(filters.slice(at, at + topicsAtOnce));
        onConnect();
    });
    client.on('message', (topic, payload, packet) => onMessage(topic, { payload, retained: packet.retain }));
    // Without a listener an error event would end the process; the close that follows tells it once.
    client.on('error', (error) => {
        lastError = error;
        if (connected)
            client.stream.destroy();
    });
    client.on('close', () => {
        if (ended)
            return;
        if (!connected)
            fallBack();
        trouble = lastError === undefined ? 'the connection was closed' : explainTrouble(lastError);
        connected = false;
        lastError = undefined;
        if (told.has(trouble))
            return;
        told.add(trouble);
        log.warn({ broker: broker.key, why: trouble }, 'broker lost');
        onTrouble(trouble);
    });
    // A certificate that was renewed meanwhile is taken up.
    client.on('reconnect', () => void Object.assign(client.options, readTls(broker.tls)));
    function subscribe(topics) {
        const wanted = Object.fromEntries(topics.map((topic) => [topic, { qos: eventFilters.has(topic) ? 1 : 0 }]));
        client.subscribe(wanted, {}, (_error, _subscriptions, answer) => {
            const codes = answer?.granted ?? [];
            const refused = topics.filter((_, index) => Number(codes[index] ?? 0) >= 128);
            if (refused.length === 0)
                return;
            log.error({ broker: broker.key, refused: refused.length, topics: refused.slice(0, 5) }, 'subscription refused: let this user read these topics');
            onRefused(refused);
        });
    }
    /** Brokers before version 5 say so, or just hang up. */
    function fallBack() {
        if (broker.version !== undefined || client.options.protocolVersion !== 5)
            return;
        if (lastError === undefined || isVersionRefusal(lastError))
            client.options.protocolVersion = 4;
    }
    return {
        trouble: () => trouble,
        publish: (topic, payload) => {
            if (client.connected)
                client.publish(topic, payload, { qos: 0 });
            return client.connected;
        },
        end: () => {
            ended = true;
            return client.endAsync(true).catch(() => undefined);
        },
    };
}
/** A file that is gone is told by the handshake that fails without it. */
function readTls(tls) {
    if (tls === undefined)
        return {};
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
function readFile(file) {
    try {
        return readFileSync(file, 'utf8');
    }
    catch {
        return '';
    }
}
//# sourceMappingURL=broker.js.map