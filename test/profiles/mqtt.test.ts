import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { inputPointSchema } from '../../config/schema/profile.ts';
import { readMessage } from '../../collectors/drivers/mqtt/message.ts';
import { planRoutes } from '../../collectors/drivers/mqtt/routes.ts';
import { toReadings } from '../../collectors/profile/decode.ts';
import { fieldModel, recorder, shippedProfile } from '../support/field.ts';

const recordingSchema = z.strictObject({
  about: z.string(),
  profile: z.string(),
  topic: z.string(),
  parts: z.record(z.string(), z.array(z.string())).optional(),
  inputs: z.array(inputPointSchema).optional(),
  messages: z.array(z.strictObject({ topic: z.string(), payload: z.string() })),
  decodeErrors: z.int(),
  /** Source times that are checked as well. */
  at: z.record(z.string(), z.string()).default({}),
  /** The whole picture afterwards: value, state or !reason of every point. */
  readings: z.record(z.string(), z.string()),
});

const dir = new URL('./mqtt/', import.meta.url);

describe('recorded messages', () => {
  test.each(readdirSync(dir))('read as they should: %s', (file) => {
    const recording = recordingSchema.parse(JSON.parse(readFileSync(new URL(file, dir), 'utf8')));
    const { parts, inputs } = recording;
    const broker = { key: 't/main', url: 'mqtt://127.0.0.1' };
    const model = fieldModel([
      {
        id: 'd',
        profile: shippedProfile(recording.profile),
        address: { protocol: 'mqtt', broker, topic: recording.topic },
        ...(parts === undefined ? {} : { parts }),
        ...(inputs === undefined ? {} : { inputs }),
      },
    ]);
    const routes = planRoutes(model.devices);
    const seen = recorder(model);
    let errors = 0;
    for (const { topic, payload } of recording.messages) {
      for (const route of routes.find(topic)) {
        const message = { payload: Buffer.from(payload), retained: false };
        // Not now: a live message whose time is long past has a wrong clock, and these were recorded over years.
        const parsed = readMessage(route, message, { zone: 'Asia/Jakarta', now: 0 });
        const { readings, decodeErrors } = toReadings(parsed.values, Date.now());
        errors += parsed.errors.length + decodeErrors;
        seen.sink(readings);
      }
    }
    const picture = Object.entries(seen.picture()).map(([id, text]) => [id.replace(/^d\//, ''), text]);
    expect(Object.fromEntries(picture)).toEqual(recording.readings);
    expect(errors).toBe(recording.decodeErrors);
    for (const [id, at] of Object.entries(recording.at))
      expect(new Date(seen.last(`t/d/${id}`)?.at ?? 0).toISOString()).toBe(at);
  });
});
