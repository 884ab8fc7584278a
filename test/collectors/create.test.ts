import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../core/clock.ts';
import { createCollectors } from '../../collectors/create.ts';
import { eventually, fieldModel, recorder, silentLog } from '../support/field.ts';
import { fromRegisters, startModbusServer, type ModbusServer } from '../support/modbus-server.ts';
import { modbusMeter } from './poller/meters.ts';

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

const registers = new Map([[0, 42], [10, 1_000]]); // prettier-ignore

async function serve(answer: Parameters<typeof startModbusServer>[0]): Promise<ModbusServer> {
  const server = await startModbusServer(answer);
  cleanup.push(() => server.close());
  return server;
}

describe('collectors', () => {
  test('read what answers while a device beside it hangs, and leave no socket behind', async () => {
    const sound = await serve((request) => fromRegisters(request, registers));
    const silent = await serve(() => undefined);
    const model = fieldModel([
      modbusMeter('good', sound.port),
      modbusMeter('also-good', sound.port, 2),
      modbusMeter('hangs', silent.port),
    ]);
    const seen = recorder(model);
    const collectors = createCollectors({ model, clock: systemClock, sink: seen.sink, log: silentLog });
    cleanup.push(() => collectors.stop());
    expect(collectors.diagnostics().map(({ state }) => state)).toEqual(['unknown', 'unknown', 'unknown']);
    expect(sound.connections.total).toBe(0);
    collectors.start();
    await eventually('the good ones are read', () => Object.keys(seen.picture()).length === 6);
    await eventually('the other one was asked', () => silent.requests.length > 0);
    expect(seen.picture()).toEqual({
      'good/power': '42',
      'good/energy': '1000',
      'good/link': 'ok',
      'also-good/power': '42',
      'also-good/energy': '1000',
      'also-good/link': 'ok',
    });
    await collectors.stop();
    await eventually('all sockets are closed', () => sound.connections.open + silent.connections.open === 0);
    const asked = sound.requests.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sound.requests).toHaveLength(asked);
    expect(sound.connections.total).toBe(1);
  });
});
