import type { Device, Point, PointSource } from '../../../../config/model.ts';
import type { TrapEntry } from '../../../../config/schema/profile.ts';
import { decodeRaw } from '../../../profile/decode.ts';
import { partOf } from '../../../profile/parts.ts';
import { good } from '../../../../core/reading.ts';
import type { RawValue } from '../../driver.ts';
import type { Trap } from './trap.ts';

type TrapSet = TrapEntry['sets'][number];
type Raw = Exclude<RawValue['raw'], null>;

/** Point index → value that a trap sets at this device by its profile. What does not decode to a good value sets nothing. */
export function setsOf(device: Device, trap: Trap): ReadonlyMap<number, number> {
  const { profile } = device;
  if (profile.protocol !== 'snmp') return new Map();
  const sets = profile.traps
    .filter((entry) => [entry.trap].flat().includes(trap.oid))
    .flatMap((entry) => entry.sets);
  const instance = device.instance ?? profile.instances?.default ?? '';
  return new Map(sets.flatMap((set) => valuesOf(set, { device, trap, instance })));
}

interface Context {
  readonly device: Device;
  readonly trap: Trap;
  readonly instance: string;
}

function valuesOf(set: TrapSet, { device, trap, instance }: Context): [number, number][] {
  const points = device.points.filter(({ quantity }) => quantity === set.quantity);
  const below = (prefix: string): Below[] => varbindsBelow(trap, prefix.replaceAll('{instance}', instance));
  const row = set.row === undefined ? undefined : String(below(set.row)[0]?.raw ?? '');
  if ('value' in set) return points.filter((point) => isMeant(point, set.part, row)).flatMap((point) => decoded(point, set.value)); // prettier-ignore
  return below(set.from).flatMap(({ oid, index, raw }) =>
    points
      .filter((point) => isMeant(point, set.part, row ?? index))
      .flatMap((point) => decoded(point, raw, oid)),
  );
}

interface Below {
  readonly oid: string;
  readonly index: string;
  readonly raw: Raw;
}

function varbindsBelow(trap: Trap, prefix: string): Below[] {
  return trap.varbinds.flatMap(({ oid, cell: { raw } }) => {
    const index = indexBelow(prefix, oid);
    return index === undefined || raw === null ? [] : [{ oid, index, raw }];
  });
}

/** Arcs of an OID behind a prefix; '' if it is the prefix itself. */
function indexBelow(prefix: string, oid: string): string | undefined {
  if (oid === prefix) return '';
  return oid.startsWith(`${prefix}.`) ? oid.slice(prefix.length + 1) : undefined;
}

/** Of a part where one is named; else of the row with this index or name; or no part of anything. */
function isMeant({ part, source }: Point, named: string | undefined, row: string | undefined): boolean {
  if (named !== undefined) return part === named;
  if (part === undefined) return row === undefined || row === '' || row === '0';
  const read = source.from === 'device' ? source.read : undefined;
  const pattern = read?.by === 'column' ? read.table.part : undefined;
  return row !== undefined && pattern !== undefined && partOf(pattern, { index: row, key: row }) === part;
}

function decoded({ index, unit, source }: Point, raw: Raw, oid?: string): [number, number][] {
  if (source.from !== 'device') return [];
  const { value, quality } = decodeRaw(source.value, unit, raw, { scale: factorAt(source, oid) });
  return quality === good ? [[index, value]] : [];
}

/** Where the value stands on other models it may have another scale. */
function factorAt(
  { read, value }: Extract<PointSource, { from: 'device' }>,
  oid: string | undefined,
): number {
  const place = read.by === 'oid' ? read.orElse.find((each) => each.oid === oid) : undefined;
  return place === undefined ? 1 : place.scale / (value.scale ?? 1);
}
