import { z } from 'zod';
import { iso } from "../core/time.js";
import { defaultZone, zonedTime } from "../core/zoned.js";
import { page, problem } from "../server/contracts/common.js";
import { createHistoryCsv } from "../server/historian/csv.js";
import { readWholeHistories } from "../server/historian/read.js";
import { exitCodes, UsageError } from "./usage.js";
const itemsAtOnce = 10_000;
export function fromHistorian(historian, model, form) {
    const sheet = sheetOf(form);
    return {
        points: () => Promise.resolve(model.points),
        async *rows({ points, range }, signal) {
            const named = new Map(points.map((point) => [point.id, point]));
            const histories = readWholeHistories(historian, {
                points: [...named.keys()], range, signal,
                resolution: form.resolution,
                limit: itemsAtOnce,
            }); // prettier-ignore
            for await (const history of histories) {
                const point = named.get(history.point);
                if (point !== undefined)
                    yield sheet.rows(point, history);
            }
        },
    };
}
export function sheetOf({ resolution, dialect, zone }) {
    const time = zonedTime(zone);
    if (time === undefined)
        throw new UsageError(`--zone ${zone}: there is no such time zone; ${defaultZone} is the usual one here`);
    return createHistoryCsv({ kind: resolution === 'raw' ? 'raw' : 'buckets', dialect, time });
}
const pointPage = page(z.object({ id: z.string(), unit: z.string() }));
const pointsPerPage = 5_000;
const waitsForTurn = 60;
/** A server at `url`, asked with a token of any role. */
export function fromServer(url, token, form) {
    async function get(path, signal) {
        for (let waited = 0;; waited += 1) {
            let response;
            try {
                response = await fetch(`${url}/api/v1/${path}`, {
                    headers: { Authorization: `Bearer ${token}` },
                    ...(signal === undefined ? {} : { signal }),
                });
            }
            catch {
                throw new UsageError(`no server answers at ${url}; is it running? --offline reads the data folder instead`, exitCodes.unavailable);
            }
            if (response.ok)
                return response;
            // Others read too: its turn comes.
            if (response.status === 429 && waited < waitsForTurn) {
                await response.body?.cancel();
                await new Promise((resolve) => setTimeout(resolve, 1_000));
                continue;
            }
            const text = await response.text();
            const { data } = problem.safeParse(parsed(text));
            throw new UsageError(`the server refuses (${response.status}): ${data?.detail ?? text.slice(0, 200)}`, exitCodes.unavailable);
        }
    }
    return {
        async points() {
            const all = [];
            for (let cursor = '';;) {
                const response = await get(`points?limit=${pointsPerPage}${cursor}`, undefined);
                const { items, next } = pointPage.parse(await response.json());
                all.push(...items);
                if (next === null)
                    return all;
                cursor = `&cursor=${encodeURIComponent(next)}`;
            }
        },
        async *rows({ points, range }, signal) {
            const query = new URLSearchParams({
                points: points.map(({ id }) => id).join(','),
                from: iso(range.from),
                to: iso(range.to),
                resolution: form.resolution,
                dialect: form.dialect,
                zone: form.zone,
                format: 'csv',
            });
            const response = await get(`history?${query.toString()}`, signal);
            if (response.body === null)
                return;
            yield* withoutFirstLine(response.body.pipeThrough(new TextDecoderStream()));
        },
    };
}
function parsed(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}
async function* withoutFirstLine(chunks) {
    let head = '';
    for await (const chunk of chunks) {
        if (head === undefined) {
            yield chunk;
            continue;
        }
        head += chunk;
        const end = head.indexOf('\n');
        if (end === -1)
            continue;
        if (end + 1 < head.length)
            yield head.slice(end + 1);
        head = undefined;
    }
}
//# sourceMappingURL=export-source.js.map