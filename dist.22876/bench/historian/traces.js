/** The same numbers for the same seed, between 0 and 1. */
export function createRandom(seed) {
    let state = seed;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}
/** How often each occurs among twenty points of the shipped sites. */
const mix = [
    'state', 'state', 'state', 'setpoint', 'setpoint', 'setpoint', 'temperature', 'temperature', 'temperature', 'power', 'power',
    'power', 'power', 'current', 'current', 'energy', 'energy', 'sum', 'sum', 'frequency',
]; // prettier-ignore
const pollMs = 10_000;
const jitterMs = 80;
const badShare = 0.001;
export function createEstate(options) {
    const random = createRandom(options.seed);
    /** About normal, deviation 1. */
    const noise = () => (random() + random() + random() + random() - 2) * Math.sqrt(3);
    const places = Array.from({ length: options.devices * options.pointsPerDevice }, (_, i) => ({
        name: `dc/device-${Math.floor(i / options.pointsPerDevice)}/quantity-${i % options.pointsPerDevice}`,
        kind: mix[i % mix.length] ?? 'power',
        level: 2 + random() * 40,
    }));
    const noisy = options.isNoisy ? 1 : 0;
    function valueOf(place) {
        const { kind } = place;
        if (kind === 'state')
            return random() < 0.0002 ? 2 : 1;
        if (kind === 'setpoint')
            return 24;
        if (kind === 'energy') {
            place.level += random() * 0.02;
            return rounded(place.level + 9_000, 1);
        }
        // Slow: a tenth of a step a poll, drawn back to the middle.
        place.level += (kind === 'temperature' ? 0.01 : 0.003) * noise() + (21 - place.level) * 0.00002;
        if (kind === 'temperature')
            return rounded(place.level + noisy * 0.2 * noise(), 1);
        if (kind === 'current')
            return rounded(place.level + noisy * 0.2 * noise(), 1);
        if (kind === 'frequency')
            return rounded(50 + 0.02 * noise(), noisy === 1 ? 3 : 2);
        const power = rounded(place.level + noisy * 0.03 * noise(), 2);
        return kind === 'sum' ? power + rounded(place.level / 3, 2) : power;
    }
    return {
        points: places.map(({ name }) => name),
        poll(slot) {
            let at = slot;
            let isLost = false;
            return places.map((place, i) => {
                if (i % options.pointsPerDevice === 0) {
                    at = slot + ((i * 7) % ((options.stepMs ?? pollMs) - jitterMs)) + Math.floor(random() * jitterMs);
                    isLost = random() < badShare;
                }
                const value = valueOf(place);
                return { point: place.name, at, value: isLost ? Number.NaN : value, quality: isLost ? 3 : 0 };
            });
        },
    };
}
function rounded(value, decimals) {
    return Math.round(value * 10 ** decimals) / 10 ** decimals;
}
//# sourceMappingURL=traces.js.map