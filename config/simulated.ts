import { connectionOf } from './build/address.ts';
import type { Address, Broker, Model } from './model.ts';

/** Above it begin the ports that the kernel hands out by itself. */
const highestPort = 32_767;
const host = '127.0.0.1';

/**
 * The same model with every device on this machine: endpoint n of the configuration, in the order of the devices, is
 * port `basePort` + 1 + n; `basePort` itself is the simulator's control port (HTTP). Units of one Modbus gateway keep
 * sharing it; a broker is an endpoint like any other. Server and simulator both derive the ports from the same files and so agree.
 * Throws RangeError when the ports would pass 32767.
 */
export function withSimulatedField(model: Model, basePort: number): Model {
  const ports = new Map<string, number>();
  const brokers = new Map<string, Broker>();
  const portOf = (endpoint: string): number => {
    const port = ports.get(endpoint) ?? basePort + 1 + ports.size;
    if (port > highestPort)
      throw new RangeError(`the simulated field needs more ports than ${basePort} to ${highestPort}`);
    ports.set(endpoint, port);
    return port;
  };
  // Credentials belong to the real broker.
  const brokerOf = (broker: Broker): Broker => {
    const simulated = brokers.get(broker.key) ?? {
      key: broker.key,
      url: `mqtt://${host}:${portOf(`mqtt ${broker.key}`)}`,
      // All that the simulator's broker supports.
      version: '3.1.1' as const,
    };
    brokers.set(broker.key, simulated);
    return simulated;
  };
  const simulated = (address: Address): Address => {
    // Nothing is dialled; the simulator has no such controllers.
    if (address.protocol === 'push') return address;
    if (address.protocol === 'mqtt') return { ...address, broker: brokerOf(address.broker) };
    // Framing, line and patience belong to the real gateway.
    if (address.protocol === 'modbus')
      return {
        protocol: 'modbus',
        unit: address.unit,
        host,
        port: portOf(`modbus ${connectionOf(address)}`),
      };
    return { ...address, host, port: portOf(`snmp ${address.host}:${address.port}`) };
  };
  const devices = model.devices.map((device) => ({ ...device, address: simulated(device.address) }));
  // A search would dial what is not simulated.
  const { brokers: _real, ...rest } = model;
  return { ...rest, devices, deviceById: new Map(devices.map((device) => [device.key, device])) };
}
