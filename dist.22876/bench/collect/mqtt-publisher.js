import mqtt from 'mqtt';
import { payloadOf, topicOf } from "./mqtt-messages.js";
/**
 * Devices that publish in turn, so many messages a second together, until the standard input ends; then it prints how
 * many there were. Arguments: port of the broker, devices, messages a second, QoS.
 */
const [port = 0, devices = 0, rate = 0, qos = 0] = process.argv.slice(2).map(Number);
const tickMs = 5;
const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${port}`);
const startedAt = performance.now();
let sent = 0;
const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - startedAt) / 1_000) * rate);
    client.stream.cork();
    for (; sent < due; sent += 1) {
        const device = sent % devices;
        client.publish(topicOf(device), payloadOf(Math.floor(sent / devices)), { qos: qos === 1 ? 1 : 0 });
    }
    client.stream.uncork();
}, tickMs);
process.stdin.resume();
process.stdin.once('end', () => {
    clearInterval(timer);
    void client.endAsync().then(() => process.stdout.write(`${sent}\n`));
});
//# sourceMappingURL=mqtt-publisher.js.map