/** A metric as an edge node sends it: `int` and `long` as unsigned varints, whatever the type. */
export interface SentMetric {
  readonly name?: string;
  readonly alias?: number;
  readonly at?: number;
  readonly type?: number;
  readonly historical?: boolean;
  readonly isNull?: boolean;
  readonly int?: bigint | number;
  readonly long?: bigint | number;
  readonly float?: number;
  readonly double?: number;
  readonly boolean?: boolean;
  readonly text?: string;
}

/** Sparkplug B payload as an edge node writes it. */
export function sparkplugPayload(
  seq: number | undefined,
  metrics: readonly SentMetric[],
  at?: number,
): Buffer {
  return Buffer.concat([
    number(1, at),
    ...metrics.map((metric) => bytes(2, encodeMetric(metric))),
    number(3, seq),
  ]);
}

function encodeMetric(metric: SentMetric): Buffer {
  return Buffer.concat([
    bytes(1, metric.name === undefined ? undefined : Buffer.from(metric.name)),
    number(2, metric.alias),
    number(3, metric.at),
    number(4, metric.type),
    number(5, metric.historical === true ? 1 : undefined),
    number(7, metric.isNull === true ? 1 : undefined),
    number(10, metric.int),
    number(11, metric.long),
    fixed(12, metric.float, 4),
    fixed(13, metric.double, 8),
    number(14, metric.boolean === undefined ? undefined : Number(metric.boolean)),
    bytes(15, metric.text === undefined ? undefined : Buffer.from(metric.text)),
  ]);
}

function varint(value: bigint): Buffer {
  return value < 128n
    ? Buffer.from([Number(value)])
    : Buffer.concat([Buffer.from([Number(value & 127n) | 128]), varint(value >> 7n)]);
}

function tag(field: number, wireType: number): Buffer {
  return varint(BigInt(field * 8 + wireType));
}

function number(field: number, value: bigint | number | undefined): Buffer {
  return value === undefined ? Buffer.alloc(0) : Buffer.concat([tag(field, 0), varint(BigInt(value))]);
}

function bytes(field: number, value: Buffer | undefined): Buffer {
  return value === undefined
    ? Buffer.alloc(0)
    : Buffer.concat([tag(field, 2), varint(BigInt(value.length)), value]);
}

function fixed(field: number, value: number | undefined, width: 4 | 8): Buffer {
  if (value === undefined) return Buffer.alloc(0);
  const buffer = Buffer.alloc(width);
  if (width === 4) buffer.writeFloatLE(value);
  else buffer.writeDoubleLE(value);
  return Buffer.concat([tag(field, width === 4 ? 5 : 1), buffer]);
}
