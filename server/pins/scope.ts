import type { Model, Point } from '../../config/model.ts';

/** At 0.8 bytes a reading a day of so many takes some 26 MB, kept for 36 months. */
const mostPoints = 2_000;

/**
 * The points that tell what happened around some alarms: the things in alarm with all they measure, what supplies and cools them back
 * to the source, what hangs directly on them, and the climate and doors of their rooms (docs/decisions/014).
 */
export function createEvidence(model: Model): (alarmPoints: readonly string[]) => string[] {
  const byOwner = new Map<string, Point[]>();
  const ofRoom = new Map<string, Point[]>();
  for (const point of model.points) {
    addTo(byOwner, ownerKey(point), point);
    if (point.room !== undefined && isOfRoom(point)) addTo(ofRoom, `${point.site}/${point.room}`, point);
  }
  const { topology } = model;

  function around(node: string): string[] {
    return [
      ...topology.upstream(node, 'supplies').map(({ key }) => key),
      ...topology.upstream(node, 'cools').map(({ key }) => key),
      ...topology.outOf(node, 'supplies').map(({ to }) => to),
      ...topology.outOf(node, 'cools').map(({ to }) => to),
    ];
  }

  return (alarmPoints) => {
    const found = new Set(alarmPoints);
    const add = (points: readonly Point[] = []): void => {
      for (const { id } of points) if (found.size < mostPoints) found.add(id);
    };
    const known = alarmPoints.flatMap((id) => model.pointById.get(id) ?? []);
    const owners = new Set(known.map(ownerKey));
    for (const owner of owners) add(byOwner.get(owner));
    for (const { site, room } of known) if (room !== undefined) add(ofRoom.get(`${site}/${room}`));
    const others = new Set([...owners].flatMap(around));
    for (const other of others) add(byOwner.get(other));
    return [...found];
  };
}

/** Its key in the topology. */
function ownerKey({ site, owner }: Point): string {
  return owner.kind === 'site' ? site : `${site}/${owner.id}`;
}

function isOfRoom({ owner, kind }: Point): boolean {
  return owner.kind === 'room' || kind === 'env' || kind === 'door' || kind === 'vesda' || kind === 'leak';
}

function addTo(map: Map<string, Point[]>, key: string, point: Point): void {
  const before = map.get(key);
  if (before === undefined) map.set(key, [point]);
  else before.push(point);
}
