import { readFileSync, readdirSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { inputPointSchema } from '../../config/schema/profile.ts';
import { modbusDriver } from '../../collectors/drivers/modbus/driver.ts';
import { toReadings } from '../../collectors/profile/decode.ts';
import { fieldModel, recorder, shippedProfile } from '../support/field.ts';
import {
  exception,
  frame,
  fromRegisters,
  startModbusServer,
  type ModbusRequest,
} from '../support/modbus-server.ts';

/** Registers by the address of the first of a stretch; whatever is not listed is an illegal address. */
const stretches = z.record(z.string(), z.array(z.int().min(0).max(65_535))).default({});
const recordingSchema = z.strictObject({
  about: z.string(),
  profile: z.string(),
  inputs: z.array(inputPointSchema).optional(),
  holding: stretches,
  input: stretches,
  discrete: stretches,
  coil: stretches,
  /** The whole picture: value, state or !reason of every point. */
  readings: z.record(z.string(), z.string()),
});

const dir = new URL('./modbus/', import.meta.url);
const cleanup: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const step of cleanup.splice(0).reverse()) await step();
});

describe('a recorded device', () => {
  test.each(readdirSync(dir))('reads as it should: %s', async (file) => {
    const recording = recordingSchema.parse(JSON.parse(readFileSync(new URL(file, dir), 'utf8')));
    const holding = flatten(recording.holding);
    const input = flatten(recording.input);
    const discrete = flatten(recording.discrete);
    const coil = flatten(recording.coil);
    const server = await startModbusServer((request) => {
      if (request.code <= 2) return bits(request, request.code === 2 ? discrete : coil);
      return fromRegisters(request, request.code === 3 ? holding : input);
    });
    cleanup.push(() => server.close());
    const { inputs } = recording;
    const model = fieldModel([
      {
        id: 'd',
        profile: shippedProfile(recording.profile),
        address: { protocol: 'modbus', host: '127.0.0.1', port: server.port, unit: 1 },
        ...(inputs === undefined ? {} : { inputs }),
      },
    ]);
    const [device] = model.devices;
    if (device === undefined) throw new Error('no device');
    const session = modbusDriver().open(device);
    cleanup.push(() => session.close());
    const seen = recorder(model);
    const poll = session.plan(device.points);
    seen.sink(toReadings(await poll.read(new AbortController().signal), Date.now()).readings);
    const picture = Object.entries(seen.picture()).map(([id, text]) => [id.replace(/^d\//, ''), text]);
    expect(Object.fromEntries(picture)).toEqual(recording.readings);
  });
});

function flatten(recorded: Record<string, number[]>): Map<number, number> {
  return new Map(
    Object.entries(recorded).flatMap(([first, values]) =>
      values.map((value, index): [number, number] => [Number(first) + index, value]),
    ),
  );
}

function bits(request: ModbusRequest, inputs: ReadonlyMap<number, number>): Buffer {
  const bytes = Array.from({ length: Math.ceil(request.length / 8) }, () => 0);
  for (let index = 0; index < request.length; index += 1) {
    const bit = inputs.get(request.address + index);
    if (bit === undefined) return exception(request, 2);
    bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (bit << (index & 7));
  }
  return frame(request, [request.code, bytes.length, ...bytes]);
}
