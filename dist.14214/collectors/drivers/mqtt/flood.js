/** What one device may send between two ticks. A message costs one, and one more for every 4 kB of it. */
const usualCost = 200;
/** A gateway speaks for many: this much for each of its topics, where that is more. */
const costPerTopic = 4;
const bytesPerCost = 4_096;
/** Events that a controller replays after an outage come as fast as it can send. */
const eventCost = 2_000;
export function createFloodGate(topics) {
    const allowed = Math.max(usualCost, topics * costPerTopic);
    const waiting = new Map();
    let spent = 0;
    let spentOnEvents = 0;
    let surplus = 0;
    return {
        pass(route, message, bytes) {
            if (spent < allowed) {
                spent += 1 + bytes / bytesPerCost;
                return true;
            }
            surplus += 1;
            waiting.set(route, message);
            return false;
        },
        passEvent(bytes) {
            if (spentOnEvents >= eventCost)
                return false;
            spentOnEvents += 1 + bytes / bytesPerCost;
            return true;
        },
        tick() {
            const result = { waiting: [...waiting], surplus };
            waiting.clear();
            spent = 0;
            spentOnEvents = 0;
            surplus = 0;
            return result;
        },
    };
}
//# sourceMappingURL=flood.js.map