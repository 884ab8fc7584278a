export function createTurns() {
    let waiting = [];
    const resting = new Map();
    /** Unit → number of its last turn. */
    const served = new Map();
    let turn = 0;
    const restUntil = (job) => resting.get(job.unit) ?? 0;
    return {
        get size() {
            return waiting.length;
        },
        add: (job) => void waiting.push(job),
        rest: (unit, until) => void resting.set(unit, until),
        dueIn: (now) => Math.max(0, Math.min(...waiting.map(restUntil)) - now),
        next(now) {
            let best;
            for (const job of waiting)
                if (restUntil(job) <= now && (best === undefined || lastTurn(job) < lastTurn(best)))
                    best = job;
            if (best === undefined)
                return undefined;
            this.remove(best);
            resting.delete(best.unit);
            served.set(best.unit, (turn += 1));
            return best;
        },
        remove(job) {
            const before = waiting.length;
            waiting = waiting.filter((each) => each !== job);
            return waiting.length < before;
        },
        clear: () => waiting.splice(0),
    };
    function lastTurn(job) {
        return served.get(job.unit) ?? 0;
    }
}
//# sourceMappingURL=turns.js.map