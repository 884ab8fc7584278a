/**
 * What to do when a device answers with an exception. `place`: not these registers in one request; `later`: not now, the same request
 * again; `fault`: the device itself is ill; `absent`: a gateway speaks for a unit that it cannot reach.
 */
export type Refusal = 'place' | 'later' | 'fault' | 'absent';

interface Meaning {
  readonly refusal: Refusal;
  readonly name: string;
  /** What an engineer should look at. */
  readonly remedy: (unit: number) => string;
}

const meanings: Readonly<Record<number, Meaning>> = {
  1: {
    refusal: 'place',
    name: 'illegal function',
    remedy: () => 'the device does not know this kind of register: check `function` in the profile',
  },
  2: {
    refusal: 'place',
    name: 'illegal data address',
    remedy: () => 'the device has no such register: check address and model',
  },
  3: {
    refusal: 'place',
    name: 'illegal data value',
    remedy: () => 'the device does not give so many registers at once: check `maxRegisters` in the profile',
  },
  4: {
    refusal: 'fault',
    name: 'device failure',
    remedy: () => 'the device reports a fault of its own: look at its display',
  },
  5: { refusal: 'later', name: 'acknowledge', remedy: () => 'the device needs more time: it is asked again' },
  6: { refusal: 'later', name: 'device busy', remedy: () => 'the device is busy: it is asked again' },
  8: {
    refusal: 'fault',
    name: 'memory parity error',
    remedy: () => 'the device finds its own memory damaged: have it serviced',
  },
  10: {
    refusal: 'absent',
    name: 'gateway path unavailable',
    remedy: (unit) => `the gateway answers but has no line to unit ${unit}: check its ports and routing`,
  },
  11: {
    refusal: 'absent',
    name: 'gateway target failed to respond',
    remedy: (unit) => `the gateway answers, unit ${unit} does not: check unit id and wiring`,
  },
};

/** The device answered, but with an exception: the connection is sound. */
export class ModbusException extends Error {
  readonly code: number;
  readonly refusal: Refusal;
  /** What the exception says and what to look at, whichever register was asked for. */
  readonly meaning: string;
  constructor(code: number, what: { readonly unit: number; readonly asked: string }) {
    const known = meanings[code];
    const name = `exception ${code}${known === undefined ? '' : ` (${known.name})`}`;
    const remedy = known?.remedy(what.unit) ?? "not a code of the standard: see the maker's manual";
    super(`${name} to ${what.asked}: ${remedy}`);
    this.name = 'ModbusException';
    this.code = code;
    this.refusal = known?.refusal ?? 'fault';
    this.meaning = `${name}: ${remedy}`;
  }
}
