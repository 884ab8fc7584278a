import { join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { pino } from 'pino';
import { z } from 'zod';
import { createClock } from "../../core/clock.js";
import { wibDay } from "../../core/wib.js";
import { openEmbeddedHistorian } from "../../server/historian/embedded/embedded.js";
export const facts = (point) => ({ isState: point.endsWith('quantity-0'), holdMs: 35_000 });
export const embedded = {
    name: 'embedded',
    async open(folder, now) {
        const clock = createBenchClock(now);
        const path = join(folder, 'readings.db');
        const log = pino({ level: 'error' }, process.stderr);
        const historian = await openEmbeddedHistorian({ path, clock, log, facts });
        const database = new DatabaseSync(path);
        // A day that is not over stays unsettled.
        const count = database.prepare('select (select count(*) from tick where min_at < ?) + (select count(*) from chunk where minute < ?) + (select count(*) from unsettled where day < ?) as n');
        const row = z.object({ n: z.number() });
        return {
            historian: {
                ...historian,
                async close() {
                    database.close();
                    await historian.close();
                },
            },
            async rest(until) {
                const hours = Math.floor((until - 90_000) / 3_600_000) * 60;
                do {
                    clock.set(Math.max(until, clock.now()) + 60_000);
                    await new Promise((resolve) => setTimeout(resolve, 20));
                } while (row.parse(count.get(hours * 60_000, hours, wibDay(until - 3_600_000) - 1)).n > 0);
                // What was begun by then ends before this is answered.
                await historian.append([]);
            },
            bytes() {
                const pages = (name) => z.record(z.string(), z.number()).parse(database.prepare(`pragma ${name}`).get())[name] ?? 0;
                return (pages('page_count') - pages('freelist_count')) * pages('page_size');
            },
        };
    },
};
/** Wall time that is set, so that hours pass at once; whoever waits is let go when it has come. */
function createBenchClock(begin) {
    let now = begin;
    let waiting = [];
    const clock = createClock({
        now: () => now,
        monotonic: () => now - begin,
        after(delayMs, wake) {
            const waiter = { at: now + delayMs, wake };
            waiting.push(waiter);
            return () => {
                waiting = waiting.filter((each) => each !== waiter);
            };
        },
    });
    return {
        ...clock,
        set(next) {
            now = next;
            const due = waiting.filter(({ at }) => at <= now);
            waiting = waiting.filter(({ at }) => at > now);
            for (const { wake } of due)
                wake();
        },
    };
}
//# sourceMappingURL=contender.js.map