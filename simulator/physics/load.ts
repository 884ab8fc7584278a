import type { Rack } from '../../config/model.ts';
import { uniform, wave } from './noise.ts';

export interface PlantRack {
  readonly rack: Rack;
  /** Load of a busy hour, kW, both feeds together. */
  readonly baseKw: number;
  /** Share that feed A carries while both live. */
  readonly shareA: number;
  readonly phase: number;
  /** Some places in a row are a little warmer than others: share of the usual rise over the supply air. */
  readonly warmth: number;
}

/** 35–70 % of the limit, so that one feed can carry a rack alone. */
export function plantRack(rack: Rack, seed: number): PlantRack {
  return {
    rack,
    baseKw: rack.limitKw * uniform(`${rack.key} load`, seed, [0.37, 0.69]),
    shareA: uniform(`${rack.key} share`, seed, [0.46, 0.54]),
    phase: uniform(`${rack.key} phase`, seed),
    warmth: uniform(`${rack.key} place`, seed, [0.79, 1.1]),
  };
}

const hourMs = 3_600_000;

/** Hour of the day in WIB (UTC+7), with its fraction. */
export function hourOfDay(atMs: number): number {
  return (atMs / hourMs + 7) % 24;
}

/** Share of the busy hour's load: offices work by day, backups and batches keep the night from falling far. */
export function loadShare(atMs: number): number {
  const day = Math.max(0, Math.cos(((hourOfDay(atMs) - 13.5) / 24) * 2 * Math.PI));
  return 0.86 + 0.12 * day;
}

/** kW that a rack's machines draw now. */
export function demandKw(rack: PlantRack, atMs: number): number {
  return rack.baseKw * loadShare(atMs) * (1 + 0.015 * wave(atMs, 240 + 120 * rack.phase, rack.phase));
}

export interface LiveFeeds {
  readonly A: boolean;
  readonly B: boolean;
}

/** Machines have two power supplies: what one feed loses, the other takes. */
export function splitKw(
  rack: PlantRack,
  kw: number,
  live: LiveFeeds,
): { readonly A: number; readonly B: number } {
  if (live.A && live.B) return { A: kw * rack.shareA, B: kw * (1 - rack.shareA) };
  return { A: live.A ? kw : 0, B: live.B ? kw : 0 };
}
