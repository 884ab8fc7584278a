import type { Device, Point } from '../../../config/model.ts';
import { FieldError, type Driver, type Poll, type RawValue, type Session } from '../driver.ts';
import type { Reason } from '../../reading.ts';
import { planBlocks, splitBlock, type Block, type Span } from './blocks.ts';
import { ModbusException } from './connection.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { decodeBit, decodeRegisters, registersOf } from './registers.ts';

type RegisterRead = Extract<Extract<Point['source'], { from: 'device' }>['read'], { by: 'register' }>;
interface PointSpan extends Span {
  readonly point: Point;
  readonly read: RegisterRead;
}

/** Modbus TCP, reading only. A unit on the bus costs the others at most `timeoutMs` for each of its requests. */
export function modbusDriver({ timeoutMs = 1_000 }: { readonly timeoutMs?: number } = {}): Driver {
  const gateways = new Map<string, { readonly gateway: Gateway; users: number }>();

  return {
    open(device: Device): Session {
      const { address, profile } = device;
      if (address.protocol !== 'modbus' || profile.protocol !== 'modbus')
        throw new TypeError(`${device.key} is no Modbus device`);
      const { host, port, unit } = address;
      const key = `${host}:${port}`;
      const pauseMs = profile.modbus.pauseAfterConnect ?? 0;
      const shared = gateways.get(key) ?? {
        gateway: createGateway({ host, port, pauseMs, timeoutMs }),
        users: 0,
      };
      shared.users += 1;
      gateways.set(key, shared);
      let open = true;
      return {
        plan(points) {
          const blocks = planBlocks(points.map(asSpan), profile.modbus);
          return createPoll(blocks, (span, signal) => shared.gateway.read(unit, span, signal));
        },
        close() {
          if (!open) return;
          open = false;
          shared.users -= 1;
          if (shared.users > 0) return;
          shared.gateway.close();
          gateways.delete(key);
        },
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

function createPoll(
  planned: readonly Block<PointSpan>[],
  ask: (span: Span, signal: AbortSignal) => Promise<Buffer>,
): Poll {
  // Blocks that the device refused stay split, so that a hole in its map costs once and not at every poll.
  let blocks = planned;
  return {
    async read(signal) {
      const next: Block<PointSpan>[] = [];
      const values: RawValue[] = [];
      const todo = [...blocks];
      let answered = false;
      let lastRefusal: unknown;
      const miss = (block: Block<PointSpan>, reason: Reason): void => {
        next.push(block);
        for (const { point } of block.spans) values.push({ point, raw: null, reason });
      };
      for (let block = todo.shift(); block !== undefined; block = todo.shift()) {
        try {
          const bytes = await ask(block, signal);
          answered = true;
          next.push(block);
          for (const span of block.spans) values.push(rawValue(block, span, bytes));
        } catch (error) {
          const refusal = refusalOf(error);
          if (refusal === 'absent') {
            // Without any answer the device is not there; with some, only the rest of this poll is missing.
            if (!answered) throw asFieldError(error);
            for (const rest of [block, ...todo.splice(0)]) miss(rest, 'timeout');
            continue;
          }
          lastRefusal = error;
          const smaller = refusal === 'address' ? splitBlock(block) : [];
          todo.unshift(...smaller);
          if (smaller.length === 0) miss(block, 'no-value');
          answered ||= refusal === 'address';
        }
      }
      if (!answered && lastRefusal !== undefined) throw asFieldError(lastRefusal);
      blocks = next;
      return values;
    },
  };
}

/**
 * `address`: not these registers in one request (1 function, 2 address, 3 length); `busy`: the device says no for now
 * (4 failure, 5 and 6 busy, 8 parity); `absent`: no answer of the device at all, which is also what a gateway means that
 * cannot reach its unit (10, 11).
 */
function refusalOf(error: unknown): 'address' | 'busy' | 'absent' {
  if (!(error instanceof ModbusException) || error.code === 10 || error.code === 11) return 'absent';
  return error.code >= 1 && error.code <= 3 ? 'address' : 'busy';
}

function asFieldError(error: unknown): unknown {
  if (!(error instanceof ModbusException)) return error;
  const kind = refusalOf(error) === 'absent' ? 'timeout' : 'refused';
  return new FieldError(kind, error.message, { cause: error });
}

function rawValue(block: Block<PointSpan>, span: PointSpan, bytes: Buffer): RawValue {
  const offset = span.address - block.address;
  const raw = isBits(span.function)
    ? decodeBit(bytes, offset)
    : decodeRegisters(
        bytes.subarray(offset * 2, (offset + span.length) * 2),
        span.read.type,
        span.read.order,
      );
  return raw === null ? { point: span.point, raw, reason: 'no-value' } : { point: span.point, raw };
}

function isBits(name: Span['function']): boolean {
  return name === 'coil' || name === 'discrete';
}
