import { pino, type LevelWithSilent, type Logger } from 'pino';

/** JSON lines on standard output; process id and host name are the supervisor's to add. */
export function createLog(level: LevelWithSilent): Logger {
  return pino({ level, base: null });
}
