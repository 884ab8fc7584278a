import { pino } from 'pino';
/** JSON lines on standard output; process id and host name are the supervisor's to add. */
export function createLog(level) {
    return pino({ level, base: null });
}
//# sourceMappingURL=log.js.map