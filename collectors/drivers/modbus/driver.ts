import { connectionOf, serialText, type ModbusAddress } from '../../../config/build/address.ts';
import type { Device, Point } from '../../../config/model.ts';
import type { Driver, Session } from '../driver.ts';
import { planBlocks, registersOf, type Span } from './registers.ts';
import { isBits, rtuFraming, tcpFraming } from './frame.ts';
import { openConnection } from './connection.ts';
import { openLine } from './line.ts';
import { createGateway, type Gateway, type Way } from './gateway.ts';
import { createPoll, type PointSpan } from './poll.ts';

export interface ModbusDriverOptions {
  /** For one answer, where neither device nor profile says otherwise; default: see `patienceMs`. */
  readonly timeoutMs?: number | undefined;
  /** How long what a device refused is left out. */
  readonly retryAfterMs?: number;
  /** Monotonic, ms. */
  readonly now?: () => number;
  /** What was answered to a request, as it came: for a recording. */
  readonly onAnswer?: ((span: Span, bytes: Buffer) => void) | undefined;
}

/** Some devices take 2 s for an answer. Who is alone on his connection may; among others he would hold them up. */
const patienceMs = { alone: 3_000, shared: 1_000 } as const;

/**
 * A serial line needs 3.5 characters of silence between frames. Behind a gateway nobody knows its rate: 16 ms at 2,400 baud. What comes
 * twice comes in it, and is dropped.
 */
function silenceMs(address: ModbusAddress): number {
  if ('line' in address) return Math.ceil(silentBits / (address.line.baudRate / 1_000)) + 1;
  return address.access?.framing === 'rtu' ? 20 : 0;
}
const silentBits = 3.5 * 11;

/**
 * Modbus TCP, RTU over TCP and RTU on serial lines, reading only. What a site says about a device goes before what its
 * profile says. Throws RangeError where devices on one connection differ in its settings.
 */
export function modbusDriver(options: ModbusDriverOptions = {}): Driver {
  const { timeoutMs, retryAfterMs = 600_000, now = () => performance.now(), onAnswer } = options;
  const gateways = new Map<string, { readonly gateway: Gateway; readonly settings: string }>();

  function gatewayAt(address: ModbusAddress, device: string): Gateway {
    const key = connectionOf(address);
    const settings = 'line' in address ? serialText(address.line) : (address.access?.framing ?? 'tcp');
    const known = gateways.get(key);
    if (known !== undefined && known.settings !== settings)
      throw new RangeError(`${device}: ${key} is read as ${known.settings} for others, not as ${settings}`);
    const gateway =
      known?.gateway ?? createGateway(wayTo(address), { now, onEmpty: () => gateways.delete(key) });
    gateways.set(key, { gateway, settings });
    return gateway;
  }

  return {
    open(device: Device, onFault = () => undefined, onNote): Session {
      const { address, profile } = device;
      if (address.protocol !== 'modbus' || profile.protocol !== 'modbus')
        throw new TypeError(`${device.key} is no Modbus device`);
      const { unit } = address;
      const limits = { ...profile.modbus, ...address.access };
      const member = gatewayAt(address, device.key).join({
        pauseAfterConnectMs: limits.pauseAfterConnect ?? 0,
        pauseBetweenMs: limits.pauseBetween ?? silenceMs(address),
      });
      const ownTimeoutMs = limits.timeout ?? timeoutMs;
      const onMalformed = (): void => onFault('malformed');
      return {
        plan: (points) =>
          createPoll(planBlocks(points.map(asSpan), limits), {
            async ask(span, signal, { canWait = false } = {}) {
              const bytes = await member.read({
                unit,
                canWait,
                span,
                signal,
                onMalformed,
                timeoutMs: ownTimeoutMs ?? patienceMs[member.isAlone() ? 'alone' : 'shared'],
              });
              onAnswer?.(span, bytes);
              return bytes;
            },
            now,
            retryAfterMs,
            onNote,
          }),
        close: () => member.leave(),
      };
    },
  };
}

function wayTo(address: ModbusAddress): Way {
  if ('line' in address) {
    const { line } = address;
    return { framing: 'rtu', dial: (options) => openLine(line, options) };
  }
  const { host, port } = address;
  const { framing = 'tcp' } = address.access ?? {};
  const place = { host, port, framing: framing === 'rtu' ? rtuFraming : tcpFraming };
  return { framing, dial: (options) => openConnection(place, options) };
}

function asSpan(point: Point): PointSpan {
  const { source } = point;
  if (source.from !== 'device' || source.read.by !== 'register')
    throw new TypeError(`${point.id} is not read from a register`);
  const { read } = source;
  const length = isBits(read.function) ? 1 : registersOf(read.type);
  return { function: read.function, address: read.address, length, point, read };
}
