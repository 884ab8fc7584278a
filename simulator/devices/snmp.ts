import { grouped } from '../../core/grouped.ts';
import type { Device, Point } from '../../config/model.ts';
import type { TableRead } from '../../config/point-source.ts';
import type { SnmpProfile } from '../../config/schema/profile.ts';
import { type Raw, encodeRaw, nonsense } from '../encode.ts';
import type { Field, PointReader } from '../field.ts';
import { serveAgent } from '../snmp/agent.ts';
import { type OidSource, type SnmpValue, type Varbind, sortedSource } from '../snmp/source.ts';
import { type Listener, listenError, settled } from './endpoint.ts';

/** An OID of an agent and how it is read at the moment; undefined: no such instance just now. */
interface Entry {
  readonly oid: string;
  readonly read: () => SnmpValue | undefined;
}

/** One agent an address. Rejects with PortInUseError. */
export async function serveSnmp(
  devices: readonly Device[],
  field: Field,
  uptimeMs: () => number,
): Promise<Listener[]> {
  const agents = devices.flatMap((device) =>
    device.address.protocol === 'snmp' ? [{ device, ...device.address }] : [],
  );
  const groups = grouped(agents, ({ host, port }) => `${host}:${port}`);
  const open = await Promise.allSettled(
    [...groups.values()]
      .flatMap(([first, ...others]) => (first === undefined ? [] : [{ first, all: [first, ...others] }]))
      .map(async ({ first, all }) => {
        const here = all.map(({ device }) => device);
        const { host, port, access } = first;
        try {
          return await serveAgent(agentSource(here, field, uptimeMs), {
            host,
            port,
            ...(access.version === '3' ? {} : { community: access.community }),
            isSilent: () => here.every((device) => field.isSilent(device)),
          });
        } catch (error) {
          throw listenError(error, { host, port });
        }
      }),
  );
  return settled(open);
}

/** What an agent with these devices behind it answers. `uptimeMs` since its start. */
function agentSource(devices: readonly Device[], field: Field, uptimeMs: () => number): OidSource {
  return sortedSource(
    devices.flatMap((device) => deviceEntries(device, field, uptimeMs)),
    ({ oid, read }): Varbind | undefined => {
      const value = read();
      return value === undefined ? undefined : { oid, value };
    },
  );
}

function deviceEntries(device: Device, field: Field, uptimeMs: () => number): Entry[] {
  const { profile } = device;
  if (profile.protocol !== 'snmp') return [];
  const rows = rowsOf(device);
  const placed = device.points.flatMap((point): PlacedPoint[] => {
    const place = oidOf(point, rows.index);
    return place === undefined ? [] : [{ ...place, point, read: field.reader(device, point) }];
  });
  const fixed = [...rows.keys, ...placed.flatMap(({ fixed: one }) => (one === undefined ? [] : [one]))];
  // Of an OID named twice the first counts: a profile may read the system group as well.
  return [
    { oid: '1.3.6.1.2.1.1.3.0', read: () => ({ type: 'timeticks', value: uptimeMs() / 10 }) },
    ...[...system(device, profile), ...fixed].map(({ oid, value }) => ({ oid, read: () => value })),
    ...[...grouped(placed, ({ oid }) => oid)].map(([oid, points]) => ({ oid, read: () => together(points) })),
  ];
}

interface PlacedPoint {
  readonly oid: string;
  readonly point: Point;
  readonly read: PointReader;
  readonly columnScale: number;
  readonly fixed?: Varbind;
}

/** What the simulator puts into a cell that scales another, and what it makes of the value. */
const scales = {
  digits: { raw: 2, factor: 0.01 },
  power: { raw: -2, factor: 0.01 },
  factor: { raw: 1, factor: 1 },
  divisor: { raw: 100, factor: 0.01 },
  signed: { raw: -100, factor: 0.01 },
} as const;

function oidOf(
  point: Point,
  indexOf: (table: TableRead, row: Row) => string,
): Pick<PlacedPoint, 'oid' | 'columnScale' | 'fixed'> | undefined {
  const read = point.source.from === 'device' ? point.source.read : undefined;
  if (read?.by === 'oid') return { oid: read.oid, columnScale: 1 };
  if (read?.by !== 'column') return undefined;
  const index = indexOf(read.table, read.row);
  const oid = `${read.table.entry}.${read.column}.${index}`;
  const [said] = read.scales;
  if (said === undefined || said.kind === 'units') return { oid, columnScale: 1 };
  const scale = scales[said.kind];
  const fixed: Varbind = {
    oid: 'oid' in said ? said.oid : `${said.cell.entry}.${said.cell.column}.${index}`,
    value: { type: 'integer', value: scale.raw },
  };
  return { oid, columnScale: scale.factor, fixed };
}

/** Points that read different bits of one object make its value together. A row whose presence is the value has its key or is absent. */
function together(points: readonly PlacedPoint[]): SnmpValue | undefined {
  const [one] = points;
  const read = one?.point.source.from === 'device' ? one.point.source.read : undefined;
  if (one !== undefined && read?.by === 'column' && read.presence)
    return rawOf(one) === 1 ? keyValue(read.row.key ?? '') : undefined;
  const raws = points.map(rawOf);
  const first = raws[0];
  if (first === undefined || raws.length === 1)
    return first === undefined ? undefined : typed(first, points[0]);
  if (points[0]?.point.source.from !== 'device' || points[0].point.source.value.bits === undefined)
    return typed(first, points[0]);
  return typed(Number(raws.reduce((all: bigint, raw) => all | BigInt(raw ?? 0), 0n)), points[0]);
}

function rawOf({ point, read, columnScale }: PlacedPoint): Raw | undefined {
  const answer = read();
  if (point.source.from !== 'device' || ('broken' in answer && answer.broken === 'nothing')) return undefined;
  const spec = point.source.value;
  const value = 'value' in answer ? answer.value : nonsense(spec);
  if (spec.text === 'number')
    return String(Math.round(Number(encodeRaw(spec, value, { kind: 'real' })) * 100) / 100);
  const wide = spec.counter === 64;
  return encodeRaw(spec, value, {
    kind: 'integer',
    min: -(2n ** 31n),
    max: wide ? 2n ** 64n - 1n : 2n ** 32n - 1n,
    columnScale,
  });
}

function typed(raw: Raw, placed: PlacedPoint | undefined): SnmpValue {
  const source = placed?.point.source;
  const counter = source?.from === 'device' ? source.value.counter : undefined;
  if (typeof raw === 'string') return { type: 'octets', value: raw };
  if (counter === 64) return { type: 'counter64', value: BigInt(raw) };
  if (counter === 32) return { type: 'counter32', value: Number(raw) };
  return { type: Number(raw) >= 2 ** 31 ? 'gauge32' : 'integer', value: Number(raw) };
}

/** The system group (RFC 3418), so that the device can be recognised. */
function system(device: Device, { maker, model, identify }: SnmpProfile): Varbind[] {
  const plain = `${maker} ${model}`;
  const patterns = identify?.sysDescr ?? [];
  const fits = patterns.length === 0 || patterns.some((pattern) => new RegExp(pattern).test(plain));
  const described = fits
    ? plain
    : `${(patterns[0] ?? '').replace(/\\[a-z]|\.\*|[\\^$()?*+[\]{}]/gi, '')} ${plain}`;
  return [
    { oid: '1.3.6.1.2.1.1.1.0', value: { type: 'octets', value: described } },
    { oid: '1.3.6.1.2.1.1.2.0', value: { type: 'oid', value: identify?.sysObjectID[0] ?? '1.3.6.1.4.1' } },
    { oid: '1.3.6.1.2.1.1.4.0', value: { type: 'octets', value: '' } },
    { oid: '1.3.6.1.2.1.1.5.0', value: { type: 'octets', value: device.id } },
    { oid: '1.3.6.1.2.1.1.6.0', value: { type: 'octets', value: `${device.site}/${device.room}` } },
  ];
}

interface Row {
  readonly part?: string;
  readonly key?: string;
}

interface Rows {
  /** Index of a row below its column, dotted. */
  readonly index: (table: TableRead, row: Row) => string;
  /** The cells that identify the rows of tables with a key column. */
  readonly keys: readonly Varbind[];
}

/** The rows that a device's tables must have for its points, with the indices and keys that give the parts their names. */
function rowsOf(device: Device): Rows {
  const indices = new Map<string, string>();
  const counts = new Map<string, number>();
  const keys: Varbind[] = [];
  for (const point of device.points) {
    if (point.source.from !== 'device' || point.source.read.by !== 'column') continue;
    const { table, row, presence } = point.source.read;
    const name = nameOf(table, row);
    if (indices.has(name)) continue;
    const space = spaceOf(table);
    const count = (counts.get(space) ?? 0) + 1;
    counts.set(space, count);
    const found = parsePart(table, row);
    const index = found.index ?? (table.key === undefined ? row.key : undefined) ?? String(count);
    indices.set(name, index);
    // A row that comes and goes is there as long as its point reports it.
    if (table.key !== undefined && !presence)
      keys.push({ oid: `${space}.${index}`, value: keyValue(row.key ?? found.name ?? row.part ?? '') });
  }
  return { index: (table, row) => indices.get(nameOf(table, row)) ?? '0', keys };
}

/** Tables that share a key column share its rows. */
function spaceOf({ entry, key }: TableRead): string {
  return key === undefined ? `table ${entry}` : `${key.entry}.${key.column}`;
}

function nameOf(table: TableRead, row: Row): string {
  return `${spaceOf(table)} ${row.part ?? ''} ${row.key ?? ''}`;
}

/** What a part's name says about its row: `l{index}` and `l2` → index 2; `{index.2}` is the second arc, the first is then 1. */
function parsePart(
  { part: pattern }: TableRead,
  row: Row,
): { readonly index?: string; readonly name?: string } {
  if (pattern === undefined || row.part === undefined) return {};
  const arcs: number[] = [];
  const source = pattern.replace(
    /\{(index|name)(?:\.(\d+))?\}/g,
    (_, what: string, arc: string | undefined) => {
      if (what === 'name') return '(?<name>.+)';
      if (arc === undefined) return '(?<index>\\d+(?:-\\d+)*)';
      arcs.push(Number(arc));
      return `(?<arc${arc}>\\d+)`;
    },
  );
  const groups = new RegExp(`^${source}$`).exec(row.part)?.groups ?? {};
  const { name, index } = groups;
  const whole = index?.replaceAll('-', '.');
  const byArc = Array.from({ length: Math.max(0, ...arcs) }, (_, arc) => groups[`arc${arc + 1}`] ?? '1').join(
    '.',
  );
  const found = whole ?? (byArc === '' ? undefined : byArc);
  return { ...(found === undefined ? {} : { index: found }), ...(name === undefined ? {} : { name }) };
}

function keyValue(text: string): Varbind['value'] {
  return /^\d+(\.\d+)+$/.test(text) ? { type: 'oid', value: text } : { type: 'octets', value: text };
}
