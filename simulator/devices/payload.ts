import { grouped } from '../../core/grouped.ts';
import { DateTime } from 'luxon';
import type { Point } from '../../config/model.ts';
import type { MqttProfile } from '../../config/schema/profile.ts';
import { encodeRaw, nonsense } from '../encode.ts';
import type { PointReader } from '../field.ts';

interface MessageValue {
  readonly point: Point;
  readonly read: PointReader;
  /** RFC 6901; absent: the whole payload. */
  readonly pointer: string | undefined;
}

/** One message that a device publishes: all values of a topic that stand under the same conditions. */
export interface MessagePlan {
  readonly topic: string;
  readonly where: readonly { readonly pointer: string; readonly equals: string }[];
  readonly values: readonly MessageValue[];
}

export function planMessages(
  points: readonly { readonly point: Point; readonly read: PointReader }[],
): MessagePlan[] {
  const values = points.flatMap(({ point, read }) => {
    const source = point.source.from === 'device' ? point.source.read : undefined;
    if (source?.by !== 'message') return [];
    const { topic, pointer, where } = source;
    // A bare payload holds one value only: each is a message of its own.
    const name = JSON.stringify([topic, where, pointer === undefined ? point.id : '']);
    return [{ name, topic, where, value: { point, read, pointer } }];
  });
  return [...grouped(values, ({ name }) => name).values()].flatMap((group) => {
    const [first] = group;
    return first === undefined
      ? []
      : [{ topic: first.topic, where: first.where, values: group.map(({ value }) => value) }];
  });
}

type Json = { [key: string]: Json } | string | number | boolean | null;

/** The message's text at a time. */
export function payloadText({ values, where }: MessagePlan, time: MqttProfile['time'], now: number): string {
  const [first] = values;
  if (first !== undefined && first.pointer === undefined) {
    const bare = jsonOf(first);
    return typeof bare === 'string' ? bare : JSON.stringify(bare);
  }
  const document: { [key: string]: Json } = {};
  for (const { pointer, equals } of where) put(document, pointer, equals);
  for (const value of values) put(document, value.pointer ?? '', jsonOf(value));
  if (time !== undefined) put(document, time.pointer, timeText(now, time.format));
  return JSON.stringify(document);
}

/** What a last will says, as plain text or where its pointer wants it. */
export function willText(will: NonNullable<MqttProfile['availability']>, online: boolean): string {
  const word = online ? will.online : will.offline;
  if (will.pointer === undefined) return word;
  const document = {};
  put(document, will.pointer, word);
  return JSON.stringify(document);
}

function jsonOf({ point, read }: MessageValue): Json {
  const answer = read();
  if (point.source.from !== 'device' || ('broken' in answer && answer.broken === 'nothing')) return null;
  const spec = point.source.value;
  const raw = encodeRaw(spec, 'value' in answer ? answer.value : nonsense(spec), { kind: 'real' });
  if (raw === 'true' || raw === 'false') return raw === 'true';
  if (typeof raw === 'bigint') return Number(raw);
  return spec.text === 'number' ? String(raw) : raw;
}

function put(document: { [key: string]: Json }, pointer: string, value: Json): void {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = steps.pop();
  let place = document;
  for (const step of steps) {
    const below = place[step];
    const next = typeof below === 'object' && below !== null ? below : {};
    place[step] = next;
    place = next;
  }
  if (last !== undefined) place[last] = value;
}

const zone = 'Asia/Jakarta';

/** The forms in which devices of Jakarta report a time. */
export function timeText(at: number, format: NonNullable<MqttProfile['time']>['format']): string | number {
  const local = DateTime.fromMillis(at, { zone });
  switch (format) {
    case 'epoch-ms':
      return at;
    case 'epoch-s':
      return Math.floor(at / 1_000);
    case 'iso':
      return local.toISO() ?? '';
    case 'local':
      return local.toFormat("yyyy-MM-dd'T'HH:mm:ss");
    case 'abbreviated-zone':
      return `${local.toFormat('yyyy-MM-dd HH:mm:ss')} WIB`;
  }
}
