import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { sql } from 'kysely';
import { loadConfig } from "../config/load.js";
import { createFigureRepository } from "../server/alarm-figures/repository.js";
import { createAlarmFigures } from "../server/alarm-figures/service.js";
import { openDatabase } from "../server/db/database.js";
import { createReport } from "./figures.js";
/**
 * The figures of the alarm system over 30 days with a million journal entries on SQLite: how long they take, what memory they need,
 * and for how long they hold up the process at a time. Prints each figure beside its aim and asserts none; `--json` prints JSON.
 */
const entries = 1_000_000;
const perOccurrence = 3;
const alarms = 3_000;
const rowsAtOnce = 100_000;
const days = 30;
const end = Date.UTC(2026, 10, 23, 3);
const begin = end - days * 86_400_000;
const aimSeconds = 5;
const aimMemoryMb = 200;
const aimBlockedMs = 100;
const loaded = loadConfig(process.env['PANTAU_CONFIG'] ?? './config');
if (!loaded.ok)
    throw new Error('the configuration is broken: pantau check-config');
const { model } = loaded;
const sites = model.sites.map(({ id }) => id);
/** Each occurrence is raised, acknowledged and returned; occurrences come evenly over the time, each of the next alarm. */
async function fill(db) {
    const occurrences = Math.ceil(entries / perOccurrence);
    const stepMs = (end - begin) / occurrences;
    const rule = model.rules[0]?.rule ?? 'rule';
    const alarm = sql `${`${rule}@`} || ${siteOf(sites)} || '/device-' || ((k * 7919) % ${alarms}) || '/temperature'`;
    for (let from = 0; from < occurrences; from += rowsAtOnce / perOccurrence) {
        const to = Math.min(occurrences, from + rowsAtOnce / perOccurrence);
        await sql `
      insert into alarm_journal (sequence, alarm, site, occurrence, source_at, server_at, from_state, to_state, why, value, quality, actor, latched)
      with recursive number(k) as (select cast(${Math.ceil(from)} as integer) union all select k + 1 from number where k + 1 < ${to}), part(j) as (values (0), (1), (2))
      select k * 3 + j + 1, ${alarm}, ${siteOf(sites)}, k / ${alarms} + 1, ${begin} + cast(k * ${stepMs} as integer) + j * 40000,
        ${begin} + cast(k * ${stepMs} as integer) + j * 40000,
        case j when 0 then 'normal' when 1 then 'unacknowledged' else 'acknowledged' end,
        case j when 0 then 'unacknowledged' when 1 then 'acknowledged' else 'normal' end,
        case j when 0 then 'raise' when 1 then 'acknowledge' else 'return' end, 28.5, 'good', case j when 1 then 'ana' end, 0
      from number, part`.execute(db);
        await sql `
      insert into alarm_occurrence (alarm, number, point, owner, unit, since_at, until_at, value, worst, limit_value, version)
      with recursive number(k) as (select cast(${Math.ceil(from)} as integer) union all select k + 1 from number where k + 1 < ${to})
      select ${alarm}, k / ${alarms} + 1, 'point', 'owner', '°C', ${begin} + cast(k * ${stepMs} as integer), ${begin} + cast(k * ${stepMs} as integer) + 80000, 28.5, 29, 27, 2
      from number`.execute(db);
    }
} // prettier-ignore
/** The site of occurrence k: by its alarm, so that an alarm stays where it is. */
function siteOf(names) {
    const cases = names.map((name, place) => sql `when ${place} then ${name}`);
    return sql `case ((k * 7919) % ${alarms}) % ${names.length} ${sql.join(cases, sql ` `)} end`;
}
const folder = await mkdtemp(join(tmpdir(), 'pantau-figures-'));
const report = createReport();
try {
    const db = await openDatabase(join(folder, 'operations.db'));
    await fill(db);
    const { count } = await db
        .selectFrom('alarm_journal')
        .select(({ fn }) => fn.countAll().as('count'))
        .executeTakeFirstOrThrow();
    report.note(`${count} entries of ${alarms} alarms at ${sites.length} sites; Node ${process.version}`);
    const figures = createAlarmFigures({
        model,
        clock: { now: () => end },
        repository: createFigureRepository(db),
    });
    await figures.read({ from: end - 3_600_000, to: end });
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const rest = process.memoryUsage().rss;
    let peak = rest;
    const watching = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
    delay.enable();
    const cpu = process.cpuUsage();
    const started = performance.now();
    const view = await figures.read({ from: begin, to: end });
    const seconds = (performance.now() - started) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    delay.disable();
    clearInterval(watching);
    const counted = view.sites.reduce((sum, { annunciated }) => sum + annunciated, 0);
    report.note(`${counted} annunciations counted`);
    report.figure('30 days of figures', seconds, 's', { aim: { atMost: aimSeconds }, digits: 2 });
    report.figure('CPU of it, all threads', (user + system) / 1_000_000, 's', { digits: 2 });
    report.figure('memory beyond rest', (peak - rest) / 1_048_576, 'MB', { aim: { atMost: aimMemoryMb } });
    report.figure('longest hold of the process', delay.max / 1_000_000, 'ms', {
        aim: { atMost: aimBlockedMs },
    });
    await db.destroy();
}
finally {
    await rm(folder, { recursive: true, force: true });
}
report.end();
//# sourceMappingURL=alarm-figures.js.map