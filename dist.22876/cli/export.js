import { createWriteStream, existsSync, renameSync, rmSync, truncateSync } from 'node:fs';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { z } from 'zod';
import { nearestName } from "../core/names.js";
import { wibStart } from "../core/wib.js";
import { bucketMs } from "../server/historian/historian.js";
import { chooseResolution } from "../server/historian/tiers.js";
import { sheetOf } from "./export-source.js";
import { exitCodes, UsageError } from "./usage.js";
const dayMs = bucketMs['1d'];
/** A portion is within what the least role may ask for. */
const rawDaysAtOnce = 7;
const pointsAtOnce = 20;
const bucketsPerPoint = 50_000;
/** A connection that breaks in the middle of a portion: so often it is asked for again. */
const attempts = 3;
/**
 * `pantau export`: readings of many points into a CSV file, portion by portion with bounded memory. The file gets its name only when it
 * is whole. Returns what was written.
 */
export async function exportReadings(source, options) {
    const { patterns, out, progress, signal } = options;
    if (!existsSync(dirname(out)))
        throw new UsageError(`--out ${out}: there is no folder ${dirname(out)}; make it first`, exitCodes.unusable);
    if (existsSync(out))
        throw new UsageError(`--out ${out}: is there already; name a new file`);
    const points = matching(await source.points(), patterns);
    const portions = portionsOf(points, options);
    const partial = `${out}.partial`;
    try {
        const file = await openFile(partial);
        await file.write(sheetOf(options).header);
        for (const [place, portion] of portions.entries()) {
            progress.show({
                done: place,
                of: portions.length,
                bytes: file.bytes(),
                what: portion.points[0]?.id ?? '',
            });
            await writePortion(source, portion, { file, signal });
        }
        await file.close();
        progress.end();
        renameSync(partial, out);
        return { points: points.length, bytes: file.bytes() };
    }
    catch (error) {
        progress.end();
        rmSync(partial, { force: true });
        throw error;
    }
}
/** Throws UsageError when a pattern names nothing, with the nearest name. */
export function matching(points, patterns) {
    const found = new Set();
    for (const pattern of patterns) {
        const form = new RegExp(`^${pattern
            .split('*')
            .map((part) => escaped(part))
            .join('.*')}$`);
        const named = points.filter(({ id }) => form.test(id));
        if (named.length === 0) {
            const sameSite = points.filter(({ id }) => id.split('/')[0] === pattern.split('/')[0]);
            const nearest = nearestName(pattern, sameSite.slice(0, 20_000).map(({ id }) => id));
            throw new UsageError(`--points ${pattern}: no point has such a name${nearest === undefined ? '' : `; did you mean ${nearest}?`}`);
        }
        for (const point of named)
            found.add(point);
    }
    return [...found];
}
/** A time on the command line: ISO 8601 with offset, or a day or a time of WIB. */
export function momentOf(flag, text) {
    const [, day, time = '00:00'] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d))?$/.exec(text) ?? [];
    const at = day === undefined ? Number.NaN : wibStart(day, time);
    if (Number.isFinite(at))
        return at;
    const parsed = z.iso.datetime({ offset: true }).safeParse(text);
    if (parsed.success)
        return Date.parse(parsed.data);
    throw new UsageError(`${flag} ${text}: expected a day (2026-11-23, WIB), a time of WIB (2026-11-23T08:00) or one with offset (2026-11-23T08:00:00+07:00)`);
}
/** One for the whole file: its columns depend on it. */
export function resolutionOf(asked, range, now) {
    if (range.from >= range.to)
        throw new UsageError('--from is not before --to; swap them');
    if (range.from > now)
        throw new UsageError('--from is in the future');
    return asked === 'auto' ? chooseResolution(range, { now }) : asked;
}
/** By point, each in order of time. */
function portionsOf(points, { range, resolution }) {
    const group = resolution === 'raw' ? 1 : pointsAtOnce;
    const widthMs = resolution === 'raw' ? rawDaysAtOnce * dayMs : bucketsPerPoint * bucketMs[resolution];
    const portions = [];
    for (let first = 0; first < points.length; first += group) {
        const together = points.slice(first, first + group);
        for (let from = range.from; from < range.to; from += widthMs)
            portions.push({ points: together, range: { from, to: Math.min(range.to, from + widthMs) } });
    }
    return portions;
}
async function writePortion(source, portion, { file, signal }) {
    for (let attempt = 1;; attempt += 1) {
        const before = file.bytes();
        try {
            for await (const text of source.rows(portion, signal))
                await file.write(text);
            return;
        }
        catch (error) {
            if (error instanceof UsageError || signal?.aborted === true || attempt >= attempts)
                throw error;
            await file.backTo(before);
        }
    }
}
async function openFile(path) {
    let bytes = 0;
    const open = (flags) => {
        const opened = createWriteStream(path, { flags, encoding: 'utf8' });
        // Whoever writes next is told.
        opened.on('error', () => undefined);
        return opened;
    };
    let stream = open('w');
    await once(stream, 'open').catch((error) => {
        throw new UsageError(`${path} cannot be written: ${textOf(error)}`, exitCodes.unusable);
    });
    const close = () => new Promise((resolve, reject) => {
        if (stream.errored !== null)
            reject(diskError(path, stream.errored));
        stream.end(() => (stream.errored === null ? resolve() : reject(diskError(path, stream.errored))));
    });
    return {
        bytes: () => bytes,
        close,
        async write(text) {
            if (text === '')
                return;
            if (stream.errored !== null)
                throw diskError(path, stream.errored);
            bytes += Buffer.byteLength(text);
            if (!stream.write(text))
                await once(stream, 'drain').catch((error) => Promise.reject(diskError(path, error)));
        },
        async backTo(before) {
            await close();
            truncateSync(path, before);
            bytes = before;
            stream = open('a');
        },
    };
}
function diskError(path, error) {
    return new UsageError(`${path} cannot be written: ${textOf(error)}; is the disk full?`, exitCodes.unusable);
}
function textOf(error) {
    return error instanceof Error ? error.message : String(error);
}
function escaped(text) {
    return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
//# sourceMappingURL=export.js.map