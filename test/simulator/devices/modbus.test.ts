import { connect } from 'node:net';
import modbusSerial from 'modbus-serial';
import { afterEach, describe, expect, it } from 'vitest';
import { modbusDriver } from '../../../collectors/drivers/modbus/driver.ts';
import { toReadings } from '../../../collectors/profile/decode.ts';
import { good } from '../../../core/reading.ts';
import type { Device } from '../../../config/model.ts';
import type { Listener } from '../../../simulator/devices/endpoint.ts';
import { serveModbus } from '../../../simulator/devices/modbus.ts';
import type { Field } from '../../../simulator/field.ts';
import { freePort } from '../../support/process.ts';
import { findDevice, minute, morning, moved, run, shippedModel, startField } from '../support.ts';

const model = shippedModel();
const open: Listener[] = [];
afterEach(async () => {
  for (const listener of open.splice(0).reverse()) await listener.close();
});

/** The devices behind one gateway, each a unit of its own, counted from 1. */
async function serve(devices: readonly Device[], field: Field): Promise<{ port: number; devices: Device[] }> {
  const port = await freePort();
  const here = devices.map((device, index): Device => {
    const { address } = moved(device, port);
    return { ...device, address: address.protocol === 'modbus' ? { ...address, unit: index + 1 } : address };
  });
  open.push(...(await serveModbus(here, field)));
  return { port, devices: here };
}

async function client(port: number, unit: number): Promise<InstanceType<typeof modbusSerial.default>> {
  const modbus = new modbusSerial.default();
  modbus.setTimeout(2_000);
  await modbus.connectTCP('127.0.0.1', { port });
  modbus.setID(unit);
  open.push({ close: () => new Promise((resolve) => modbus.close(() => resolve())) });
  return modbus;
}

/** Sends bytes and gives what came back when so many have. */
function exchange(port: number, chunks: readonly string[], answerBytes: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => {
      answer += bytes.toString('hex');
      if (answer.length >= answerBytes * 2) socket.end();
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
    const send = (rest: readonly string[]): void => {
      const [first, ...others] = rest;
      if (first === undefined) return;
      socket.write(Buffer.from(first, 'hex'), () => setImmediate(send, others));
    };
    send(chunks);
  });
}

const genset = findDevice(model, 'dc', ({ kind }) => kind === 'genset');
const meter = findDevice(model, 'dc', ({ role }) => role === 'incomer');
const ats = findDevice(model, 'dc', ({ kind }) => kind === 'ats');

describe('a simulated Modbus gateway', () => {
  it('answers the collectors with good values at every point of every unit', async () => {
    const others = ['vesda', 'fire-panel', 'fuel-tank'].map((kind) =>
      findDevice(model, 'dc', (one) => one.kind === kind),
    );
    const { devices } = await serve([genset, meter, ats, ...others], startField(model));
    const driver = modbusDriver();
    for (const device of devices) {
      const session = driver.open(device);
      const { readings } = toReadings(
        await session.plan(device.points).read(AbortSignal.timeout(10_000)),
        morning,
      );
      session.close();
      expect(readings.filter(({ quality }) => quality !== good)).toEqual([]);
      expect(readings).toHaveLength(device.points.length);
    }
  });

  it('shows a genset start, its load and its stop as a drill goes on', async () => {
    const field = startField(model);
    const { port } = await serve([genset], field);
    const modbus = await client(port, 1);
    const engineState = async (): Promise<number | undefined> =>
      (await modbus.readHoldingRegisters(1408, 1)).data[0];
    const rpm = async (): Promise<number | undefined> => (await modbus.readHoldingRegisters(1030, 1)).data[0];
    expect([await engineState(), await rpm()]).toEqual([0, 0]);
    field.startDrill('pln-outage', 'dc', morning);
    let now = run(field, { from: morning, ms: minute });
    expect([await engineState(), await rpm()]).toEqual([3, 1_500]);
    field.stopDrill('pln-outage', 'dc');
    now = run(field, { from: now, ms: minute });
    expect(await engineState()).toBe(4);
    run(field, { from: now, ms: 2 * minute });
    expect(await engineState()).toBe(0);
  });

  it('serves bits as discrete inputs and registers as input registers', async () => {
    const { port } = await serve([ats], startField(model));
    const modbus = await client(port, 1);
    expect((await modbus.readDiscreteInputs(0, 2)).data.slice(0, 2)).toEqual([true, true]);
    expect((await modbus.readInputRegisters(0, 1)).data).toEqual([1]);
  });

  it('refuses what real devices refuse: addresses outside the map, writes, units that are not there', async () => {
    const { port } = await serve([genset], startField(model));
    const modbus = await client(port, 1);
    await expect(modbus.readHoldingRegisters(60_000, 1)).rejects.toMatchObject({ modbusCode: 2 });
    await expect(modbus.writeRegister(1408, 1)).rejects.toMatchObject({ modbusCode: 1 });
    await expect((await client(port, 9)).readHoldingRegisters(1408, 1)).rejects.toMatchObject({
      modbusCode: 11,
    });
  });

  it('reads holes inside its map as 0', async () => {
    const { port } = await serve([genset], startField(model));
    expect((await (await client(port, 1)).readHoldingRegisters(1400, 8)).data).toEqual([
      0, 0, 0, 0, 0, 0, 0, 0,
    ]);
  });

  it('answers requests that come together or in pieces, in order', async () => {
    const { port } = await serve([genset], startField(model));
    const request = (transaction: string): string => `${transaction}00000006010305800001`;
    const answers = await exchange(
      port,
      [request('0001') + request('0002') + '0003', '00000006010305', '800001'],
      33,
    );
    expect(answers).toBe(
      ['0001', '0002', '0003'].map((transaction) => `${transaction}000000050103020000`).join(''),
    );
  });

  it('ends a connection that speaks no Modbus, and only that one', async () => {
    const { port } = await serve([genset], startField(model));
    const modbus = await client(port, 1);
    expect(await exchange(port, ['474554202f20485454502f312e310d0a'], 999)).toBe('');
    expect((await modbus.readHoldingRegisters(1408, 1)).data).toEqual([0]);
  });

  it('stays silent for a unit that is dead while its neighbour answers', async () => {
    const field = startField(model);
    const { port } = await serve([genset, meter], field);
    field.startDrill('device-dead', 'dc', morning);
    const dead = findDevice(model, 'dc', (device) => field.isSilent(device));
    expect(dead.kind).toBe('pac');
    expect((await (await client(port, 2)).readHoldingRegisters(3_059, 2)).data).toHaveLength(2);
  });
});
