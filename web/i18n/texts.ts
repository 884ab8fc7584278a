// Each group that is named here comes with the first script; test/web/wall-texts.test.ts knows which the wall uses.
import {
  calm, chain, discipline, disaster, error, figure, footer, header, incident, kind, layer, link, muster, outbox, page, palette, part,
  plan, presence, push, quality, quantity, roster, signin, simulated, sound, stage, start, state, tile, value,
} from './id.json'; // prettier-ignore

/** The Indonesian texts of what is there before any other page is opened: two thirds of all are not needed for a wall. */
export const wallTexts = {
  calm, chain, discipline, disaster, error, figure, footer, header, incident, kind, layer, link, muster, outbox, page, palette, part,
  plan, presence, push, quality, quantity, roster, signin, simulated, sound, stage, start, state, tile, value,
}; // prettier-ignore

/** All Indonesian texts, in one download however often they are asked for; undefined when it failed. */
export async function allTexts(): Promise<unknown> {
  // As text it is a file of its own: of the import above only the named groups are taken.
  const file = await import('./id.json?raw').catch(() => undefined);
  return file === undefined ? undefined : JSON.parse(file.default);
}
