import type { Label } from '../../config/schema/common.ts';

/** A door of a controller as people call it: "Pintu ruang pendukung, pintu 2". `part` as the controller numbers it: `door-2`, or `2`. */
export function doorLabel(controller: Label, part: string | null): Label {
  if (part === null) return controller;
  const number = /^(?:door-)?(\d+)$/.exec(part)?.[1];
  return number === undefined
    ? { id: `${controller.id}, ${part}`, en: `${controller.en}, ${part}` }
    : { id: `${controller.id}, pintu ${number}`, en: `${controller.en}, door ${number}` };
}
