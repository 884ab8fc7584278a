import type { Device, Point } from '../../../config/model.ts';
import type { Driver, Session } from '../driver.ts';
import { planBlocks, registersOf } from './registers.ts';
import { isBits } from './frame.ts';
import { createGateway, type Gateway, type Place } from './gateway.ts';
import { createPoll, type PointSpan } from './poll.ts';

export interface ModbusDriverOptions {
  /** For one answer, where neither device nor profile says otherwise; default: see `patienceMs`. */
  readonly timeoutMs?: number | undefined;
  /** How long what a device refused is left out. */
  readonly retryAfterMs?: number;
  /** Monotonic, ms. */
  readonly now?: () => number;
}

/** Some devices take 2 s for an answer. Who is alone on his connection may; among others he would hold them up. */
const patienceMs = { alone: 3_000, shared: 1_000 } as const;

/** A serial line needs 3.5 characters of silence between frames: 16 ms at 2,400 baud. What comes twice comes in it, and is dropped. */
const silenceMs = { rtu: 20, tcp: 0 } as const;

/**
 * Modbus TCP and RTU over TCP, reading only. What a site says about a device goes before what its profile says. Throws
 * RangeError where devices behind one gateway differ in framing.
 */
export function modbusDriver(options: ModbusDriverOptions = {}): Driver {
  const { timeoutMs, retryAfterMs = 600_000, now = () => performance.now() } = options;
  const gateways = new Map<string, { readonly gateway: Gateway; readonly place: Place }>();

  function gatewayAt(place: Place, device: string): Gateway {
    const key = `${place.host}:${place.port}`;
    const known = gateways.get(key);
    if (known !== undefined && known.place.framing !== place.framing)
      throw new RangeError(`${device}: ${key} speaks ${known.place.framing} to others, not ${place.framing}`);
    const gateway = known?.gateway ?? createGateway(place, { now, onEmpty: () => gateways.delete(key) });
    gateways.set(key, { gateway, place });
    return gateway;
  }

  return {
    open(device: Device, onFault = () => undefined, onNote): Session {
      const { address, profile } = device;
      if (address.protocol !== 'modbus' || profile.protocol !== 'modbus')
        throw new TypeError(`${device.key} is no Modbus device`);
      const { host, port, unit, access = {} } = address;
      const { framing = 'tcp' } = access;
      const limits = { ...profile.modbus, ...access };
      const member = gatewayAt({ host, port, framing }, device.key).join({
        pauseAfterConnectMs: limits.pauseAfterConnect ?? 0,
        pauseBetweenMs: limits.pauseBetween ?? silenceMs[framing],
      });
      const ownTimeoutMs = limits.timeout ?? timeoutMs;
      const onMalformed = (): void => onFault('malformed');
      return {
        plan: (points) =>
          createPoll(planBlocks(points.map(asSpan), limits), {
            ask: (span, signal) =>
              member.read({
                unit,
                span,
                signal,
                onMalformed,
                timeoutMs: ownTimeoutMs ?? patienceMs[member.isAlone() ? 'alone' : 'shared'],
              }),
            now,
            retryAfterMs,
            onNote,
          }),
        close: () => member.leave(),
      };
    },
  };
}

function asSpan(point: Point): PointSpan {
  const { source } = point;
  if (source.from !== 'device' || source.read.by !== 'register')
    throw new TypeError(`${point.id} is not read from a register`);
  const { read } = source;
  const length = isBits(read.function) ? 1 : registersOf(read.type);
  return { function: read.function, address: read.address, length, point, read };
}
