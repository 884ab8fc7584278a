/**
 * Merges spans into as few requests as the limits allow. A span is never split over two requests, no request crosses
 * more than `maxGap` registers that nobody asked for, none is longer than `maxRegisters` (but a span that is alone).
 */
export function planBlocks(spans, limits) {
    const sorted = spans.toSorted((a, b) => a.function.localeCompare(b.function) || a.address - b.address || a.length - b.length);
    const blocks = [];
    for (const span of sorted) {
        const block = blocks.at(-1);
        const end = span.address + span.length;
        if (block !== undefined &&
            block.function === span.function &&
            span.address - (block.address + block.length) <= limits.maxGap &&
            end - block.address <= limits.maxRegisters) {
            block.spans.push(span);
            block.length = Math.max(block.length, end - block.address);
        }
        else {
            blocks.push({ function: span.function, address: span.address, length: span.length, spans: [span] });
        }
    }
    return blocks;
}
/**
 * What to ask instead of a block that the device refused: first without crossing holes, then its halves, so that a limit
 * on the length costs few requests, down to single spans. Empty when nothing smaller is left: the span is not there.
 */
export function splitBlock(block) {
    const limits = { maxRegisters: block.length, maxGap: 0 };
    const withoutHoles = planBlocks(block.spans, limits);
    if (withoutHoles.length > 1)
        return withoutHoles;
    const places = [...new Set(block.spans.map(({ address, length }) => `${address}+${length}`))];
    if (places.length <= 1)
        return [];
    const first = new Set(places.slice(0, Math.ceil(places.length / 2)));
    const isFirst = ({ address, length }) => first.has(`${address}+${length}`);
    return [
        ...planBlocks(block.spans.filter(isFirst), limits),
        ...planBlocks(block.spans.filter((span) => !isFirst(span)), limits),
    ];
}
//# sourceMappingURL=blocks.js.map