import { defined } from "../core/defined.js";
import { descriptorRemedy, socketsNeeded } from "./descriptors.js";
import { modbusDriver } from "./drivers/modbus/driver.js";
import { createMqttCollector } from "./drivers/mqtt/collector.js";
import { usualZone } from "./drivers/mqtt/time.js";
import { snmpDriver } from "./drivers/snmp/driver.js";
import { createTrapReceiver } from "./drivers/snmp/traps/receiver.js";
import { createDiagnosticsSweep } from "./diagnostics/sweep.js";
import { createDevicePoller } from "./poller/poller.js";
/**
 * Everything that brings readings from the field. Creating dials nothing and throws where a device cannot be opened (a
 * missing key); `start` begins, `stop` ends every loop and closes every socket.
 */
export function createCollectors(options) {
    const { model, clock, log, loopDelay } = options;
    const sweep = createDiagnosticsSweep({
        model,
        clock,
        sink: options.sink,
        diagnostics,
        ...defined({ loopDelay }),
    });
    const sink = (readings) => {
        sweep.took(readings);
        options.sink(readings);
    };
    const drivers = new Map([['snmp', snmpDriver()], ['modbus', modbusDriver()]]); // prettier-ignore
    const pollers = new Map();
    for (const device of model.devices) {
        const driver = drivers.get(device.profile.protocol);
        if (driver === undefined)
            continue;
        const onWake = (lateMs) => sweep.woke(device.site, lateMs);
        pollers.set(device.key, createDevicePoller(device, driver, { clock, sink, log, random: Math.random, onWake }));
    }
    const polled = [...pollers.values()];
    const nudge = (device) => pollers.get(device.key)?.nudge();
    const traps = options.traps &&
        createTrapReceiver({ devices: model.devices, place: options.traps, clock, sink, log, nudge });
    const listened = model.devices.filter(({ profile }) => profile.protocol === 'mqtt');
    const zone = model.calendars[0]?.zone ?? usualZone;
    const mqtt = createMqttCollector({ devices: listened, clock, sink, events: options.events, log, zone });
    // One controller a device: a signal shared by hundreds of loops would search through all of their listeners.
    const running = polled.map((poller) => ({ poller, abort: new AbortController() }));
    const sweeping = new AbortController();
    let ended = Promise.resolve();
    function diagnostics() {
        return [...polled.map((poller) => poller.diagnostics()), ...mqtt.diagnostics()];
    }
    return {
        start() {
            warnOfDescriptors(model.devices, log);
            loopDelay?.start();
            const loops = running.map(({ poller, abort }) => poller.run(abort.signal));
            ended = Promise.all([...loops, sweep.run(sweeping.signal)]);
            mqtt.start();
            void traps?.start();
        },
        diagnostics,
        traps,
        async stop() {
            for (const { abort } of running)
                abort.abort();
            sweeping.abort();
            loopDelay?.stop();
            await Promise.all([ended, mqtt.stop(), traps?.stop()]);
        },
    };
}
function warnOfDescriptors(devices, log) {
    const remedy = descriptorRemedy(socketsNeeded(devices));
    if (remedy !== undefined)
        log.warn(remedy);
}
//# sourceMappingURL=create.js.map