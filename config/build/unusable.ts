import type { Device, Point, Room } from '../model.ts';
import type { DeviceKind } from '../schema/common.ts';
import type { RuleEntry } from '../schema/rule.ts';
import { addFormula, indices } from './derived.ts';
import type { PointList } from './points.ts';

/** Of these, a value that is missing from an answer is as bad as nonsense: nothing else watches for fire or water. */
const mustAnswer: ReadonlySet<DeviceKind> = new Set<DeviceKind>(['vesda', 'fire-panel', 'leak']);

/**
 * By room and kind of device, how many of the values that rules judge cannot be believed. Climate sensors of data halls are counted by
 * `addSiteFormulas`.
 */
export function addUnusableByKind(
  list: PointList,
  parts: { readonly site: string; readonly rooms: readonly Room[]; readonly devices: readonly Device[] },
  rules: readonly RuleEntry[],
): void {
  const isJudged = judgedPoints(rules);
  for (const room of parts.rooms) {
    const byKind = new Map<DeviceKind, Point[]>();
    for (const device of parts.devices) {
      if (device.room !== room.id || device.kind === 'env') continue;
      const judged = byKind.get(device.kind) ?? [];
      judged.push(...device.points.filter((point) => point.source.from !== 'link' && isJudged(point)));
      byKind.set(device.kind, judged);
    }
    for (const [kind, inputs] of byKind)
      addFormula(
        list,
        { site: parts.site, owner: { kind: 'room', id: room.id }, room: room.id, part: kind },
        { quantity: 'unusable-values', unit: 'count', inputs },
        { kind: 'unusable', inputs: indices(inputs), absent: mustAnswer.has(kind) },
      );
  }
}

/** Whether some rule names the quantity of a point, of its kind of device or of any. */
function judgedPoints(rules: readonly RuleEntry[]): (point: Point) => boolean {
  const kinds = new Map<string, Set<string> | 'any'>();
  for (const { points } of rules)
    for (const quantity of points.quantity) {
      const known = kinds.get(quantity);
      if (points.kind === undefined || known === 'any') kinds.set(quantity, 'any');
      else kinds.set(quantity, new Set([...(known ?? []), ...points.kind]));
    }
  return ({ quantity, kind }) => {
    const found = kinds.get(quantity);
    return found === 'any' || (found !== undefined && kind !== undefined && found.has(kind));
  };
}
