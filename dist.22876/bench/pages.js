import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { bindRules } from "../config/alarms/bind.js";
import { loadConfig } from "../config/load.js";
import { peopleSchema } from "../config/schema/people.js";
import { systemClock } from "../core/clock.js";
import { good } from "../core/reading.js";
import { openDatabase } from "../server/db/database.js";
import { openIncidents } from "../server/incidents/compose.js";
import { createEmailChannel } from "../server/notify/email.js";
import { createReport } from "./figures.js";
import { percentile } from "./percentile.js";
/**
 * How fast a page leaves, and what a flood does: one P1 to a hundred people over SMTP, from the sample to the server's 250; then 5,000 alarms
 * in one second. The shipped estate without its on-delays, a database on disk. Prints figures beside their aims and asserts none.
 */
const people = 100;
const floodAlarms = 5_000;
const loaded = loadConfig(process.env['PANTAU_CONFIG'] ?? './config');
if (!loaded.ok)
    throw new Error('the configuration is broken: pantau check-config');
const { channels: _channels, ...entries } = peopleSchema.parse({
    persons: Array.from({ length: people }, (_, place) => ({ person: `p-${place}`, name: `P ${place}`, email: `p${place}@pantau.example` })),
    escalation: { P1: [{ after: '0s', notify: ['everyone'], channels: ['email'] }] },
}); // prettier-ignore
const model = {
    ...loaded.model,
    rules: loaded.model.rules.map((rule) => ({ ...rule, onDelay: 0 })),
    people: { ...entries, webhooks: {} },
};
const report = createReport();
const mail = await startMailServer();
const folder = mkdtempSync(join(tmpdir(), 'pantau-pages-bench-'));
const db = await openDatabase(join(folder, 'operations.db'));
const email = createEmailChannel({ url: `smtp://127.0.0.1:${mail.port}`, from: 'Pantau <pantau@pantau.example>', domain: 'pantau.example' }); // prettier-ignore
const { alarms, incidents, notify } = await openIncidents({
    model, db, clock: systemClock, randomBytes, log: pino({ level: 'silent' }),
    ticketsTouching: () => Promise.resolve([]), readNow: () => null,
    notify: { channels: new Map([['email', email]]), roster: () => ({ overrides: [], timeOff: [] }), publicUrl: 'https://pantau.example', secret: 's' },
}); // prettier-ignore
const ticking = setInterval(() => alarms.tick(), 1_000);
try {
    const delays = [];
    notify.onHandedOver((delayMs) => delays.push(delayMs));
    const active = new Map();
    incidents.onChange((summary) => active.set(summary.id, summary.active));
    const limits = bindRules(model).alarms.flatMap(({ point, test, rule }) => test.kind === 'above' && rule.rule !== 'trial' ? [{ point: point.index, value: test.limit * 2 + 100, urgency: rule.urgency }] : []); // prettier-ignore
    const worst = limits.find(({ point, urgency }) => urgency === 'tinggi' && model.points[point]?.site === model.sites[0]?.id); // prettier-ignore
    if (worst === undefined)
        throw new Error('no rule with a limit makes a P1');
    alarms.accept([{ point: worst.point, value: worst.value, at: Date.now(), quality: good }]);
    await until(() => delays.length >= people, 60_000);
    report.note(`one P1 to ${people} people by SMTP: ${mail.taken()} mails taken`);
    report.figure('sample to hand-off, p99', percentile(delays, 0.99) / 1_000, 's', { aim: { atMost: 2 }, digits: 2 }); // prettier-ignore
    report.figure('sample to hand-off, median', percentile(delays, 0.5) / 1_000, 's', { digits: 2 });
    const before = mail.taken();
    const standing = alarms.active().length;
    const flood = new Map(limits.map((each) => [each.point, each.value]));
    flood.delete(worst.point);
    const begun = performance.now();
    const readings = [...flood].slice(0, floodAlarms).map(([point, value]) => ({ point, value, at: Date.now(), quality: good })); // prettier-ignore
    alarms.accept(readings);
    const raised = alarms.active().length;
    const shown = () => [...active.values()].reduce((sum, count) => sum + count, 0);
    await until(() => shown() >= raised, 60_000);
    const wallMs = performance.now() - begun;
    await until(() => incidents.problem() === undefined, 60_000);
    await sleep(15_000);
    const { count } = await db.selectFrom('alarm_journal').select(({ fn }) => fn.countAll().as('count')).where('why', '=', 'raise').executeTakeFirstOrThrow(); // prettier-ignore
    report.figure('alarms of the flood', raised - standing, '');
    report.figure('of them in the journal', (count / raised) * 100, '%', { aim: { atLeast: 100 } });
    report.figure('wall updated after', wallMs / 1_000, 's', { aim: { atMost: 1 }, digits: 2 });
    report.figure('most pages to one person in the flood', Math.ceil((mail.taken() - before) / people), '', { aim: { atMost: 1 } }); // prettier-ignore
    report.end();
}
finally {
    clearInterval(ticking);
    await notify.close();
    await incidents.close();
    await db.destroy();
    mail.close();
    rmSync(folder, { recursive: true, force: true });
}
async function until(holds, patienceMs) {
    const deadline = performance.now() + patienceMs;
    while (!holds() && performance.now() < deadline)
        await sleep(5);
}
/** Takes every mail, as quickly as it comes. */
async function startMailServer() {
    let taken = 0;
    const sockets = new Set();
    const server = createServer((socket) => {
        sockets.add(socket.on('error', () => undefined));
        let isText = false;
        let rest = '';
        socket.write('220 bench\r\n');
        socket.on('data', (data) => {
            rest += data.toString('latin1');
            for (let end = rest.indexOf('\r\n'); end !== -1; end = rest.indexOf('\r\n')) {
                const line = rest.slice(0, end);
                rest = rest.slice(end + 2);
                if (isText && line !== '.')
                    continue;
                if (isText)
                    taken += 1;
                isText = !isText && /^DATA/i.test(line);
                socket.write(isText ? '354 go on\r\n' : '250 ok\r\n');
            }
        });
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    return {
        port: typeof address === 'object' && address !== null ? address.port : 0,
        taken: () => taken,
        close() {
            for (const socket of sockets)
                socket.destroy();
            server.close();
        },
    };
}
//# sourceMappingURL=pages.js.map