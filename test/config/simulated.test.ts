import { describe, expect, test } from 'vitest';
import { withSimulatedField } from '../../config/simulated.ts';
import { modelWith } from './support.ts';

describe('the simulated field', () => {
  test('puts every endpoint on a port of its own above the control port', () => {
    const { model } = modelWith();
    const simulated = withSimulatedField(model, 20_000);
    const address = (id: string) => simulated.deviceById.get(`alpha/${id}`)?.address;
    expect(address('pln-a')).toEqual({ protocol: 'modbus', host: '127.0.0.1', port: 20_001, unit: 1 });
    expect(address('ats-a')).toEqual({ protocol: 'modbus', host: '127.0.0.1', port: 20_002, unit: 7 });
    expect(address('ups-a')).toEqual({
      protocol: 'snmp', host: '127.0.0.1', port: 20_003, access: { version: '2c', community: 'public' },
    }); // prettier-ignore
    const ports = simulated.devices.map((device) => ('port' in device.address ? device.address.port : ''));
    expect(new Set(ports).size).toBe(new Set(model.devices.map(endpointOf)).size);
  });

  test('leaves the units of one gateway behind one port', () => {
    const { model } = modelWith();
    const simulated = withSimulatedField(model, 20_000);
    const b01 = simulated.deviceById.get('alpha/meter-b01-a')?.address;
    const b02 = simulated.deviceById.get('alpha/meter-b02-a')?.address;
    expect(b01).toEqual({ ...b02, unit: 1 });
  });

  test('has one broker for the site’s topics, which stay as they are', () => {
    const simulated = withSimulatedField(modelWith().model, 20_000);
    const climate = simulated.deviceById.get('alpha/env-a01')?.address;
    const power = simulated.deviceById.get('alpha/gateway-c')?.address;
    expect(climate).toMatchObject({ topic: 'alpha/climate/a01', broker: { url: 'mqtt://127.0.0.1:20006' } });
    expect(power).toMatchObject({ broker: { key: 'alpha/main', url: 'mqtt://127.0.0.1:20006' } });
  });

  test('changes nothing but addresses, and is the same each time', () => {
    const { model } = modelWith();
    expect(withSimulatedField(model, 20_000)).toEqual(withSimulatedField(model, 20_000));
    expect(withSimulatedField(model, 20_000).points).toBe(model.points);
  });

  test('refuses ports that the kernel hands out itself', () => {
    const { model } = modelWith();
    expect(() => withSimulatedField(model, 32_766)).toThrow(RangeError);
  });
});

function endpointOf({ address }: ReturnType<typeof modelWith>['model']['devices'][number]): string {
  return 'host' in address ? `${address.protocol} ${address.host}:${address.port}` : address.protocol;
}
