/**
 * Loaded before the program (`--import`): what it takes for the time of day is shifted by the seconds in the file `TEST_SHIFT_FILE`;
 * the machine's clock stays as it is.
 */
export const shiftedDate = `
import { readFileSync } from 'node:fs';
const RealDate = Date;
let shiftMs = 0;
const read = () => { try { shiftMs = Number(readFileSync(process.env.TEST_SHIFT_FILE, 'utf8')) * 1000; } catch {} };
read();
setInterval(read, 50).unref();
globalThis.Date = class extends RealDate {
  constructor(...given) { if (given.length === 0) super(RealDate.now() + shiftMs); else super(...given); }
  static now() { return RealDate.now() + shiftMs; }
};
`;
