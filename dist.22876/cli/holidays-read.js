import { parse } from 'csv-parse/sync';
import ICAL from 'ical.js';
import { DateTime } from 'luxon';
/** A table with a header line: `date;name;type` or `tanggal;nama;jenis`, divided by commas or semicolons. */
export function readCsv(text) {
    const bad = [];
    const found = [];
    let rows;
    try {
        rows = tableOf(text);
    }
    catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return { days: [], bad: [{ row: 1, text: '', why: `this is no table: ${why}` }] };
    }
    const [header, ...rest] = rows;
    const columns = header?.record.map((name) => name.trim().toLowerCase()) ?? [];
    const placeOf = (names) => columns.findIndex((name) => names.includes(name));
    const [dateAt, nameAt, typeAt] = [
        placeOf(['date', 'tanggal']),
        placeOf(['name', 'nama', 'keterangan', 'description']),
        placeOf(['type', 'jenis', 'kind']),
    ];
    if (dateAt < 0)
        return {
            days: [],
            bad: [{ row: 1, text: header?.record.join(';') ?? '', why: 'the first line names the columns; one must be "date" or "tanggal"' }],
        };
    for (const { record, line } of rest) {
        const shown = record.join(';');
        const refuse = (why) => void bad.push({ row: line, text: shown, why });
        if (record.length !== columns.length) {
            refuse(`has ${record.length} columns where the first line has ${columns.length}`);
            continue;
        }
        const date = dateOf(record[dateAt] ?? '');
        const name = (record[nameAt] ?? '').trim();
        const kind = kindOf(record[typeAt] ?? '', name);
        if (date === undefined)
            refuse(`"${record[dateAt] ?? ''}" is no day; write 2027-03-10 or 10/03/2027`);
        else if (kind === undefined)
            refuse(`"${record[typeAt] ?? ''}" is no type; write "holiday" (libur) or "joint-leave" (cuti bersama)`);
        else
            found.push({ date, name, kind, row: line, text: shown });
    }
    return withoutTwins(found, bad);
} // prettier-ignore
/** Whole days of an iCalendar file; an event over several days is one for each. */
export function readIcs(text) {
    const bad = [];
    const found = [];
    let events;
    try {
        events = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent');
    }
    catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return { days: [], bad: [{ row: 1, text: '', why: `this is no iCalendar file: ${why}` }] };
    }
    events.forEach((component, index) => {
        const row = index + 1;
        const event = new ICAL.Event(component);
        const name = (event.summary ?? '').trim();
        const refuse = (why) => void bad.push({ row, text: name, why });
        const status = String(component.getFirstPropertyValue('status') ?? '').toUpperCase();
        if (status === 'CANCELLED')
            return;
        if (event.isRecurring())
            return refuse('it repeats; write each day as an event of its own');
        const { startDate: start, endDate: end } = event;
        if (start === null || !start.isDate)
            return refuse('it has a time of day; a holiday is a whole day (DTSTART;VALUE=DATE)');
        const first = DateTime.utc(start.year, start.month, start.day);
        const last = end === null || !end.isDate ? first.plus({ days: 1 }) : DateTime.utc(end.year, end.month, end.day);
        if (!first.isValid || !last.isValid)
            return refuse('its day does not exist');
        const days = Math.max(1, last.diff(first, 'days').days);
        if (days > longestDays)
            return refuse(`it lasts ${days} days`);
        for (let day = 0; day < days; day += 1)
            found.push({ date: first.plus({ days: day }).toISODate(), name, kind: kindOf('', name) ?? 'holiday', row, text: name });
        return undefined;
    });
    return withoutTwins(found, bad);
} // prettier-ignore
/** Longer than any holiday of the ministry. */
const longestDays = 14;
function tableOf(text) {
    const rows = parse(text, {
        bom: true,
        delimiter: [',', ';', '\t'],
        info: true,
        relax_column_count: true,
        skip_empty_lines: true,
        trim: true,
    });
    if (!Array.isArray(rows))
        return [];
    return rows.flatMap((row) => {
        if (typeof row !== 'object' || row === null || !('record' in row) || !('info' in row))
            return [];
        const { record, info } = row;
        const line = typeof info === 'object' && info !== null && 'lines' in info ? Number(info.lines) : 0;
        return Array.isArray(record) ? [{ record: record.map(String), line }] : [];
    });
}
/** `2027-03-10`, or day first: `10/03/2027`, `10-3-2027`, `10.3.2027`. */
function dateOf(text) {
    const value = text.trim();
    const [, year, month, day] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(value) ?? [];
    const [, first, second, third] = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/.exec(value) ?? [];
    const date = DateTime.utc(Number(year ?? third), Number(month ?? second), Number(day ?? first));
    return date.isValid ? date.toISODate() : undefined;
}
/** Without a type, the name says it. */
function kindOf(type, name) {
    const said = type.trim().toLowerCase();
    if (said === '')
        return /cuti bersama|joint leave/i.test(name) ? 'joint-leave' : 'holiday';
    if (/^(holiday|public holiday|libur|libur nasional|hari libur nasional)$/.test(said))
        return 'holiday';
    return /^(joint[- ]leave|cuti bersama|cuti)$/.test(said) ? 'joint-leave' : undefined;
}
function withoutTwins(found, bad) {
    const seen = new Map();
    const days = [];
    for (const { row, text, ...day } of found) {
        const before = seen.get(day.date);
        if (before === undefined)
            days.push(day);
        else
            bad.push({ row, text, why: `${day.date} is in row ${before} already` });
        seen.set(day.date, before ?? row);
    }
    return {
        days: days.toSorted((a, b) => (a.date < b.date ? -1 : 1)),
        bad: bad.toSorted((a, b) => a.row - b.row),
    };
}
//# sourceMappingURL=holidays-read.js.map