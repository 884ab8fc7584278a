/** The value below which `share` (0 … 1) of the values lie; NaN of nothing. Sorts its input. */
export function percentile(values, share) {
    values.sort((a, b) => a - b);
    return values[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
}
//# sourceMappingURL=percentile.js.map