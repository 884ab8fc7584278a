import type { Model, Point, Room, Site } from '../../config/model.ts';
import type { Level, Priority } from '../../config/schema/common.ts';

/** Where an incident is: a room, or the site for points outside any room. */
export interface Place {
  readonly site: Site;
  readonly room: Room | undefined;
}

/** Most severe first. */
const severity: readonly Level[] = ['tinggi', 'sedang', 'rendah'];

/** BAB III: the highest criticality among the services at risk in the place, else the site's default. */
export function impactAt(place: Place): Level {
  const services = place.room?.services ?? [];
  return (
    severity.find((level) => services.some(({ criticality }) => criticality === level)) ?? place.site.impact
  );
}

/** Row and column of BAB III table 2. */
export function priorityOf(model: Model, urgency: Level, impact: Level): Priority {
  return model.standard.priorities.matrix[urgency][impact];
}

/** Throws RangeError on a point of another model. */
export function placeFinder(model: Model): (place: Pick<Point, 'site' | 'room'>) => Place {
  const sites = new Map(model.sites.map((site) => [site.id, site]));
  const rooms = new Map(model.rooms.map((room) => [room.key, room]));
  return ({ site: id, room }) => {
    const site = sites.get(id);
    if (site === undefined) throw new RangeError(`no site ${id} in the model`);
    return { site, room: room === undefined ? undefined : rooms.get(`${id}/${room}`) };
  };
}
