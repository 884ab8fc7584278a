import { expect, it } from 'vitest';
import { doorLabel } from '../../../domain/wording/door.ts';

const controller = { id: 'Pintu ruang pendukung', en: 'Doors of the utility rooms' };

it.each([
  ['door-2', 'Pintu ruang pendukung, pintu 2', 'Doors of the utility rooms, door 2'],
  ['2', 'Pintu ruang pendukung, pintu 2', 'Doors of the utility rooms, door 2'],
  ['loading-bay', 'Pintu ruang pendukung, loading-bay', 'Doors of the utility rooms, loading-bay'],
  [null, 'Pintu ruang pendukung', 'Doors of the utility rooms'],
])('door %s of a controller is called by its name and number', (part, id, en) => {
  expect(doorLabel(controller, part)).toEqual({ id, en });
});
