import { approach } from './noise.ts';
import type { PlantUps } from './plant.ts';

export interface UpsState {
  readonly source: 'normal' | 'battery' | 'none';
  /** Its input has voltage. */
  readonly input: boolean;
  readonly kw: number;
  /** What the rectifier draws: load, losses and recharge, kW. */
  readonly inputKw: number;
  /** Share of the battery's energy, 0 … 1. */
  readonly charge: number;
  readonly onBatteryS: number;
  /** Of the battery, °C. */
  readonly batteryC: number;
}

export const charged: UpsState = {
  source: 'normal',
  input: true,
  kw: 0,
  inputKw: 0,
  charge: 1,
  onBatteryS: 0,
  batteryC: 24.5,
};

export interface UpsInputs {
  readonly input: boolean;
  /** What its feed asks of it, kW. */
  readonly loadKw: number;
  /** Its output is dead whatever its input says. */
  readonly failed: boolean;
  /** Its battery is worn: it grows hot on its float charge. */
  readonly worn: boolean;
}

const efficiency = 0.95;
/** An empty battery is full again after this long. */
const rechargeS = 2 * 3_600;

export function stepUps(ups: PlantUps, state: UpsState, step: { dtS: number; inputs: UpsInputs }): UpsState {
  const { dtS, inputs } = step;
  const batteryC = approach(state.batteryC, inputs.worn ? 38 : 24.5, { dtS, tauS: 600 });
  if (inputs.failed)
    return { ...state, source: 'none', input: inputs.input, kw: 0, inputKw: 0, onBatteryS: 0, batteryC };
  const kw = inputs.loadKw;
  if (inputs.input) {
    const charge = Math.min(1, state.charge + dtS / rechargeS);
    const chargeKw = ((charge - state.charge) * ups.batteryKwh * 3_600) / dtS;
    return {
      source: 'normal',
      input: true,
      kw,
      inputKw: kw / efficiency + chargeKw,
      charge,
      onBatteryS: 0,
      batteryC,
    };
  }
  const charge = Math.max(0, state.charge - (kw * dtS) / 3_600 / ups.batteryKwh);
  const source = charge > 0 ? 'battery' : 'none';
  return {
    source,
    input: false,
    kw: charge > 0 ? kw : 0,
    inputKw: 0,
    charge,
    onBatteryS: charge > 0 ? state.onBatteryS + dtS : 0,
    batteryC,
  };
}

/** Seconds that the battery would last at the present load; at least a twentieth of its usual load. */
export function autonomyS(ups: PlantUps, state: UpsState): number {
  const usualKw = ups.batteryKwh / 0.15;
  return (state.charge * ups.batteryKwh * 3_600) / Math.max(state.kw, usualKw / 20);
}
