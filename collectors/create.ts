import { defined } from '../core/defined.ts';
import type { Device } from '../config/model.ts';
import type { CollectorOptions, Collectors, DeviceDiagnostics } from './collectors.ts';
import { descriptorRemedy, socketsNeeded } from './descriptors.ts';
import type { Driver } from './drivers/driver.ts';
import { modbusDriver } from './drivers/modbus/driver.ts';
import { createMqttCollector } from './drivers/mqtt/collector.ts';
import { usualZone } from './drivers/json/time.ts';
import { snmpDriver } from './drivers/snmp/driver.ts';
import { createTrapReceiver } from './drivers/snmp/traps/receiver.ts';
import { createDiagnosticsSweep } from './diagnostics/sweep.ts';
import { createDevicePoller, type DevicePoller } from './poller/poller.ts';
import type { ReadingSink } from '../core/reading.ts';

/**
 * Everything that brings readings from the field. Creating dials nothing and throws where a device cannot be opened (a
 * missing key); `start` begins, `stop` ends every loop and closes every socket.
 */
export function createCollectors(options: CollectorOptions): Collectors {
  const { model, clock, log, loopDelay } = options;
  const sweep = createDiagnosticsSweep({
    model,
    clock,
    sink: options.sink,
    diagnostics,
    ...defined({ loopDelay }),
  });
  const sink: ReadingSink = (readings) => {
    sweep.took(readings);
    options.sink(readings);
  };
  const drivers = new Map<string, Driver>([['snmp', snmpDriver()], ['modbus', modbusDriver()]]); // prettier-ignore
  const pollers = new Map<string, DevicePoller>();
  for (const device of model.devices) {
    const driver = drivers.get(device.profile.protocol);
    if (driver === undefined) continue;
    const onWake = (lateMs: number): void => sweep.woke(device.site, lateMs);
    pollers.set(
      device.key,
      createDevicePoller(device, driver, { clock, sink, log, random: Math.random, onWake }),
    );
  }
  const polled = [...pollers.values()];
  const nudge = (device: Device): void => pollers.get(device.key)?.nudge();
  const traps =
    options.traps &&
    createTrapReceiver({ devices: model.devices, place: options.traps, clock, sink, log, nudge });
  const listened = model.devices.filter(({ profile }) => profile.protocol === 'mqtt');
  const zone = model.calendars[0]?.zone ?? usualZone;
  const mqtt = createMqttCollector({ devices: listened, clock, sink, events: options.events, log, zone });
  // One controller a device: a signal shared by hundreds of loops would search through all of their listeners.
  const running = polled.map((poller) => ({ poller, abort: new AbortController() }));
  const sweeping = new AbortController();
  let ended: Promise<unknown> = Promise.resolve();

  function diagnostics(): DeviceDiagnostics[] {
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
      for (const { abort } of running) abort.abort();
      sweeping.abort();
      loopDelay?.stop();
      await Promise.all([ended, mqtt.stop(), traps?.stop()]);
    },
  };
}

function warnOfDescriptors(devices: readonly Device[], log: CollectorOptions['log']): void {
  const remedy = descriptorRemedy(socketsNeeded(devices));
  if (remedy !== undefined) log.warn(remedy);
}
