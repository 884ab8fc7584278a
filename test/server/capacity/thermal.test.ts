import { describe, expect, it } from 'vitest';
import {
  fitThermal,
  warmingOf,
  type ThermalMinute,
  type ThermalModel,
} from '../../../server/capacity/thermal.ts';

/** A hall that obeys T' = (Teq − T) ÷ 10 with Teq = 12 + heat ÷ (10 · running share), by small steps; nothing of the product computes it. */
function hall(hours: number, runningAt: (minute: number) => number, noiseC = 0): ThermalMinute[] {
  const pacs = 4;
  let meanC = 22;
  const minutes: ThermalMinute[] = [];
  for (let minute = 0; minute < hours * 60; minute += 1) {
    const running = runningAt(minute);
    const heatKw = 100 + 5 * Math.sin(minute / 40);
    // The jitter is deterministic and has no trend.
    const noise = noiseC * Math.sin(minute * 12.9898);
    minutes.push({ at: minute * 60_000, meanC: meanC + noise, heatKw, running, used: heatKw / (pacs * 40) });
    for (let step = 0; step < 60; step += 1) meanC += (12 + heatKw / (10 * (running / pacs)) - meanC) / 600;
  }
  return minutes;
}

function fitted(found: ReturnType<typeof fitThermal>): ThermalModel {
  if (typeof found === 'string') throw new Error(found);
  return found;
}

const oneOutForAnHour = (minute: number): number => (minute >= 120 && minute < 180 ? 3 : 4);

describe('the thermal model of a hall', () => {
  it('finds the time constant and says how long the hall takes, within its error', () => {
    const model = fitted(fitThermal(hall(6, oneOutForAnHour, 0.05), 4));
    expect(-1 / model.b).toBeGreaterThan(8.5);
    expect(-1 / model.b).toBeLessThan(13);
    expect(model.errorC).toBeLessThan(0.3);
    const warming = warmingOf(model, { meanC: 22, heatKw: 100, running: 3 });
    if (warming === 'beyond') throw new Error('beyond');
    // Equilibrium 12 + 100 ÷ 7.5 = 25.33 °C: 24 °C after −10 · ln(1.33 ÷ 3.33) = 9.2 minutes, 27 °C never.
    expect(warming.minutesTo(24)).toBeGreaterThanOrEqual(8);
    expect(warming.minutesTo(24)).toBeLessThanOrEqual(11);
    expect(warming.minutesTo(27)).toBeNull();
    expect(warming.after(120)).toBeCloseTo(25.33, 0);
  });

  it('says nothing from a history in which every PAC always ran', () => {
    expect(
      fitThermal(
        hall(6, () => 4),
        4,
      ),
    ).toBe('calm');
  });

  it('says nothing from an hour that is not there', () => {
    expect(fitThermal(hall(0.5, oneOutForAnHour), 4)).toBe('no-history');
  });

  it('says nothing about fewer PACs than were ever seen running', () => {
    const model = fitted(fitThermal(hall(6, oneOutForAnHour), 4));
    expect(warmingOf(model, { meanC: 22, heatKw: 100, running: 1 })).toBe('beyond');
  });

  it('says nothing from temperatures that do not follow the load', () => {
    const wild = hall(6, oneOutForAnHour).map((minute, at) => ({
      ...minute,
      meanC: 22 - (minute.running < 4 ? at % 60 : 0),
    }));
    expect(fitThermal(wild, 4)).toBe('no-fit');
  });
});
