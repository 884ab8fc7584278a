const meanings = {
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
    code;
    refusal;
    /** What the exception says and what to look at, whichever register was asked for. */
    meaning;
    constructor(code, what) {
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
//# sourceMappingURL=exceptions.js.map