import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { snmpDriver } from '../../../collectors/drivers/snmp/driver.ts';
import { toReadings } from '../../../collectors/profile/decode.ts';
import { good } from '../../../core/reading.ts';
import type { Device } from '../../../config/model.ts';
import { PortInUseError, type Listener } from '../../../simulator/devices/endpoint.ts';
import { serveSnmp } from '../../../simulator/devices/snmp.ts';
import type { Field } from '../../../simulator/field.ts';
import { peer } from '../../support/peers.ts';
import { freePort } from '../../support/process.ts';
import { findDevice, morning, moved, second, shippedModel, startField } from '../support.ts';

const model = shippedModel();
const open: Listener[] = [];
afterEach(async () => {
  for (const listener of open.splice(0)) await listener.close();
});

async function serve(device: Device, field: Field): Promise<Device & { readonly port: number }> {
  const port = await freePort();
  const here = moved(device, port);
  open.push(...(await serveSnmp([here], field, () => 3_600_000)));
  return { ...here, port };
}

async function read(device: Device) {
  const session = snmpDriver().open(device);
  try {
    const { readings } = toReadings(
      await session.plan(device.points).read(AbortSignal.timeout(10_000)),
      morning,
    );
    return readings.map(({ point, value, quality }) => ({
      point,
      value,
      quality,
      id: model.points[point]?.id ?? '',
    }));
  } finally {
    session.close();
  }
}

const kinds = ['ups', 'pac', 'leak', 'router', 'pdu'] as const;

describe('a simulated agent', () => {
  it.each(kinds)('of kind %s answers the collectors with good values at every point', async (kind) => {
    const device = await serve(
      findDevice(model, 'dc', (one) => one.kind === kind && one.address.protocol === 'snmp'),
      startField(model),
    );
    const readings = await read(device);
    expect(readings.filter(({ quality }) => quality !== good)).toEqual([]);
    expect(readings).toHaveLength(device.points.length);
  });

  it('answers Debian’s snmpget and snmpwalk', async (context) => {
    const snmpget = peer(context, 'snmpget');
    const field = startField(model);
    const { port } = await serve(
      findDevice(model, 'dc', ({ kind }) => kind === 'ups'),
      field,
    );
    const run = promisify(execFile);
    const ask = async (program: string, ...oids: string[]): Promise<string[]> => {
      const { stdout } = await run(program, [
        '-v2c',
        '-cpublic',
        '-On',
        '-t2',
        '-r1',
        `127.0.0.1:${port}`,
        ...oids,
      ]);
      return stdout.trim().split('\n');
    };
    expect(await ask(snmpget, '1.3.6.1.2.1.33.1.4.1.0', '1.3.6.1.2.1.1.3.0')).toEqual([
      '.1.3.6.1.2.1.33.1.4.1.0 = INTEGER: 3',
      expect.stringContaining('Timeticks: (360000)'),
    ]);
    const walked = await ask(snmpget.replace('snmpget', 'snmpwalk'), '1.3.6.1.2.1.33.1.4.4.1.2');
    expect(walked).toEqual(['1', '2', '3'].map((line) => `.1.3.6.1.2.1.33.1.4.4.1.2.${line} = INTEGER: 230`));
  });

  it('says what a drill does to it', async () => {
    const field = startField(model);
    const ups = await serve(
      findDevice(model, 'dc', ({ kind, feed }) => kind === 'ups' && feed === 'A'),
      field,
    );
    const source = async (): Promise<string | undefined> => {
      const reading = (await read(ups)).find(({ id }) => id.endsWith('/output-source'));
      return model.points[reading?.point ?? -1]?.states?.get(reading?.value ?? -1);
    };
    expect(await source()).toBe('normal');
    field.startDrill('pln-outage', 'dc', morning);
    field.advance(morning + 4 * second);
    expect(await source()).toBe('battery');
    field.stopDrill('pln-outage', 'dc');
    field.startDrill('feed-a-loss', 'dc', morning);
    field.advance(morning + 6 * second);
    expect(await source()).toBe('none');
  });

  it('falls silent with the feed that its network card lives from, and comes back', async () => {
    const field = startField(model);
    const pdu = await serve(
      findDevice(model, 'dc', ({ kind, feed }) => kind === 'pdu' && feed === 'A'),
      field,
    );
    field.startDrill('feed-a-loss', 'dc', morning);
    field.advance(morning + 5 * second);
    await expect(read(pdu)).rejects.toMatchObject({ kind: 'timeout' });
    field.stopDrill('feed-a-loss', 'dc');
    field.advance(morning + 10 * second);
    expect(await read(pdu)).toHaveLength(pdu.points.length);
  });

  it('lives on after datagrams that are no SNMP', async () => {
    const device = await serve(
      findDevice(model, 'dc', ({ kind }) => kind === 'leak'),
      startField(model),
    );
    const socket = createSocket('udp4');
    for (const bytes of [
      '',
      '30',
      '3082ffff',
      '30020201',
      'ff'.repeat(1_200),
      '302602010104067075626c6963a519',
    ])
      await new Promise((resolve) =>
        socket.send(Buffer.from(bytes, 'hex'), device.port, '127.0.0.1', resolve),
      );
    socket.close();
    expect((await read(device)).every(({ quality }) => quality === good)).toBe(true);
  });

  it('names the port and the way out when the port is taken', async () => {
    const device = findDevice(model, 'dc', ({ kind }) => kind === 'leak');
    const { port } = await serve(device, startField(model));
    const second = serveSnmp([moved(device, port)], startField(model), () => 0);
    await expect(second).rejects.toThrow(PortInUseError);
    await expect(serveSnmp([moved(device, port)], startField(model), () => 0)).rejects.toThrow(
      `port ${port}`,
    );
  });
});
