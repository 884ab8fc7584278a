import type { Device } from '../../config/model.ts';
import type { ModbusFunction } from '../../config/schema/profile/modbus.ts';
import type { Clock } from '../../core/clock.ts';
import { isBits } from '../drivers/modbus/frame.ts';
import { decodeBit } from '../drivers/modbus/registers.ts';
import { probe } from './probe.ts';
import type { ProbeRow } from './row.ts';

/** First address of a stretch → its registers, or bits. */
type Stretches = Readonly<Record<string, readonly number[]>>;

/** What a unit answered, by the function it was asked with. */
type Registers = Partial<Record<ModbusFunction, Stretches>>;

/** Reads a unit once: every register that it answered, and what its profile makes of them. Rejects as `probe` does. */
export async function recordUnit(
  device: Device,
  { clock, deadlineMs }: { readonly clock: Clock; readonly deadlineMs: number },
): Promise<{ readonly registers: Registers; readonly rows: readonly ProbeRow[] }> {
  const answered = new Map<ModbusFunction, Map<number, number>>();
  const { rows } = await probe(
    { device },
    {
      clock,
      deadlineMs,
      onAnswer({ function: name, address, length }, bytes) {
        const words = answered.get(name) ?? new Map<number, number>();
        answered.set(name, words);
        for (let index = 0; index < length; index += 1)
          words.set(address + index, isBits(name) ? decodeBit(bytes, index) : bytes.readUInt16BE(2 * index));
      },
    },
  );
  const registers = Object.fromEntries([...answered].map(([name, words]) => [name, stretchesOf(words)]));
  return { registers, rows };
}

function stretchesOf(words: ReadonlyMap<number, number>): Stretches {
  const stretches: { first: number; values: number[] }[] = [];
  for (const [address, word] of [...words].sort(([a], [b]) => a - b)) {
    const last = stretches.at(-1);
    if (last !== undefined && last.first + last.values.length === address) last.values.push(word);
    else stretches.push({ first: address, values: [word] });
  }
  return Object.fromEntries(stretches.map(({ first, values }) => [String(first), values]));
}
