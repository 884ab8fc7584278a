import { Cursor, tags } from '../ber.ts';

/** How far a sender's clock may stand back (RFC 3414, 3.2.7), s. */
const windowS = 150;
/** Engines remembered of a sender. */
const mostEngines = 32;

interface EngineTime {
  readonly engine: string;
  readonly boots: number;
  readonly time: number;
}

/** Tells traps of v3 that come long after they were sent (a replay) from new ones. */
export class Freshness {
  readonly #newest = new Map<string, EngineTime>();

  /** Whether the sender's engine has not been heard at a later time; true of v1 and v2c, which tell none. */
  isFresh(datagram: Buffer): boolean {
    const said = engineTimeOf(datagram);
    if (said === undefined) return true;
    const known = this.#newest.get(said.engine);
    const isLater =
      known === undefined ||
      said.boots > known.boots ||
      (said.boots === known.boots && said.time > known.time);
    if (isLater && (known !== undefined || this.#newest.size < mostEngines))
      this.#newest.set(said.engine, said);
    return isLater || (said.boots === known.boots && said.time >= known.time - windowS);
  }
}

/** What a message of v3 says of the engine that it is about. */
function engineTimeOf(datagram: Buffer): EngineTime | undefined {
  const cursor = new Cursor(datagram);
  if (!cursor.expect(tags.sequence, datagram.length)) return undefined;
  const { end } = cursor;
  if (cursor.int32(end) !== 3 || !cursor.expect(tags.sequence, end)) return undefined;
  cursor.at = cursor.end;
  if (!cursor.expect(tags.octets, end) || !cursor.expect(tags.sequence, cursor.end)) return undefined;
  const last = cursor.end;
  if (!cursor.expect(tags.octets, last)) return undefined;
  const engine = datagram.toString('hex', cursor.at, cursor.end);
  cursor.at = cursor.end;
  const boots = cursor.int32(last);
  const time = cursor.int32(last);
  return boots === undefined || time === undefined ? undefined : { engine, boots, time };
}
