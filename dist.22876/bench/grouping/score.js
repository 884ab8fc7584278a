/** Compares groups with what really happened. */
export function scoreScenario({ seed, faults }, groups) {
    const faultOf = new Map(faults.flatMap(({ alarms }, place) => alarms.map(({ alarm }) => [alarm.key, place])));
    const majority = groups.map(({ members }) => {
        const counts = faults.map((_fault, place) => members.filter(({ alarm }) => faultOf.get(alarm.key) === place).length);
        return counts.indexOf(Math.max(...counts));
    });
    let pure = 0;
    for (const [place, { members }] of groups.entries())
        pure += members.filter(({ alarm }) => faultOf.get(alarm.key) === majority[place]).length;
    let rightCause = 0;
    const wrong = [];
    for (const [place, { nodes, alarms }] of faults.entries()) {
        const own = new Set(alarms.map(({ alarm }) => alarm.key));
        const largest = [...groups].sort((a, b) => b.members.filter(({ alarm }) => own.has(alarm.key)).length - a.members.filter(({ alarm }) => own.has(alarm.key)).length)[0];
        const named = largest?.causes[0]?.node ?? 'nothing';
        if (nodes.includes(named))
            rightCause += 1;
        else
            wrong.push(`seed ${seed}, fault ${place + 1}: ${named} instead of ${nodes.join(' or ')} (${alarms.length} alarms, ${groups.length} groups)`);
    }
    return { faults: faults.length, rightCause, alarms: faultOf.size, pure, wrong };
} // prettier-ignore
//# sourceMappingURL=score.js.map