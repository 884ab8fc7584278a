import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { nearestCalendar } from "../config/lookup.js";
import { loadLibraryPart, shippedLibrary } from "../config/read/files.js";
import { calendarSchema } from "../config/schema/calendar.js";
import { readCsv, readIcs } from "./holidays-read.js";
import { exitCodes, UsageError } from "./usage.js";
/**
 * `pantau holidays import FILE`: makes `calendar/YEAR.yaml` of a table or an iCalendar file. Every row that cannot be taken is
 * listed, and nothing is written then. Returns the exit code.
 */
export function importHolidays(file, options, write) {
    const { days, bad } = read(file);
    if (bad.length > 0) {
        for (const { row, text, why } of bad)
            write(`${file}:${row} ${text === '' ? '' : `"${text}" `}${why}`);
        write(`${bad.length} ${bad.length === 1 ? 'row' : 'rows'} cannot be taken; nothing was written`);
        return exitCodes.config;
    }
    const year = yearOf(days, options.year, file);
    const own = days.filter(({ date }) => date.startsWith(`${year}-`));
    if (own.length === 0)
        throw new UsageError(`${file} has no day of ${year}`);
    const target = path.join(options.config, 'calendar', `${year}.yaml`);
    if (existsSync(target) && options.replace !== true)
        throw new UsageError(`${target} is there already; to write it anew, add --replace`);
    const { zone, workingHours } = patternOf(options.config, year);
    const source = options.source ?? `Imported from ${path.basename(file)}`;
    const text = calendarText({ year, zone, workingHours, source }, own);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(`${target}.part`, text);
    renameSync(`${target}.part`, target);
    const count = (kind) => own.filter((day) => day.kind === kind).length;
    write(`${target}: ${count('holiday')} holidays, ${count('joint-leave')} days of joint leave`);
    return exitCodes.ok;
}
function read(file) {
    let text;
    try {
        text = readFileSync(file, 'utf8');
    }
    catch (error) {
        throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
    return /^\s*BEGIN:VCALENDAR/i.test(text.replace(/^\uFEFF/, '')) || file.toLowerCase().endsWith('.ics')
        ? readIcs(text.replace(/^\uFEFF/, ''))
        : readCsv(text);
}
function yearOf(days, asked, file) {
    const years = [...new Set(days.map(({ date }) => Number(date.slice(0, 4))))];
    const [only] = years;
    if (only === undefined)
        throw new UsageError(`${file} names no day`);
    if (asked !== undefined)
        return asked;
    if (years.length > 1)
        throw new UsageError(`${file} holds days of ${years.join(', ')}; say which: --year ${only}`);
    return only;
} // prettier-ignore
/** Zone and hours of the nearest calendar that there is. */
function patternOf(dir, year) {
    const files = loadLibraryPart({ dir, library: shippedLibrary() }, 'calendar', calendarSchema);
    const known = files.flatMap(({ value }) => value ?? []);
    return (nearestCalendar(year, known) ?? { zone: 'Asia/Jakarta', workingHours: { from: '08:00', to: '17:00' } });
}
function calendarText({ year, zone, workingHours, source }, days) {
    const list = (kind) => {
        const own = days.filter((day) => day.kind === kind);
        return own.length === 0
            ? [' []']
            : ['', ...own.map(({ date, name }) => `  - ${date}${name === '' ? '' : ` # ${name.replaceAll(/\s+/g, ' ')}`}`)];
    };
    return [
        '# Days that are not worked; they count for the times of P2 to P5 (BAB III).',
        `year: ${year}`,
        `zone: ${JSON.stringify(zone)}`,
        `workingHours: { from: '${workingHours.from}', to: '${workingHours.to}' }`,
        `source: ${JSON.stringify(source)}`,
        `holidays:${list('holiday').join('\n')}`,
        '# Cuti bersama, not worked either.',
        `jointLeave:${list('joint-leave').join('\n')}`,
        '',
    ].join('\n');
} // prettier-ignore
//# sourceMappingURL=holidays.js.map