/**
 * ZKTeco's push protocol (ADMS): what terminals send as text, and what they are answered. Pure. Field names are given in lower case, times
 * as the terminal wrote them, so that a profile can name them (`door/zkteco-push`).
 */

export interface AdmsLines {
  /** One for each line that could be read, for the profile's events. */
  readonly documents: readonly Readonly<Record<string, string>>[];
  /** How many lines there were: what is acknowledged, since a line that cannot be read would be sent again forever. */
  readonly lines: number;
  readonly errors: readonly string[];
}

/** ATTLOG, in the order of its columns. */
const attlogFields = ['pin', 'time', 'status', 'verify', 'workcode'] as const;
/** What tells the events of a panel apart; a model may leave one out. */
const rtlogIdentity = { index: '0', event: '0', eventaddr: '1', pin: '0' } as const;
const mostLines = 20_000;

/** Tables that bring events; all others (users, templates, options) are acknowledged and not read. */
export function readAdms(table: string, body: string, serial: string): AdmsLines {
  const name = table.toLowerCase();
  const lines = body.split(/\r?\n/).filter((line) => line.trim() !== '');
  if (name === 'operlog') {
    const alarms = lines.map((line) => alarmOf(line, serial)).filter((alarm) => alarm !== undefined);
    return { documents: alarms, lines: lines.length, errors: [] };
  }
  if (name !== 'attlog' && name !== 'rtlog') return { documents: [], lines: lines.length, errors: [] };
  const errors: string[] = [];
  const documents = lines.slice(0, mostLines).flatMap((line) => {
    // Some access terminals send their numbered lines as attendance.
    const fields = /(^|\t)time=/.test(line) ? namedFields(line) : columns(line);
    if (fields !== undefined) return [{ ...fields, sn: serial }];
    errors.push(`a line of ${name} cannot be read: ${line.slice(0, 80)}`);
    return [];
  });
  if (lines.length > mostLines) errors.push(`${lines.length} lines at once: the first ${mostLines} are read`);
  return { documents, lines: Math.min(lines.length, mostLines), errors };
}

/** Operations of the terminal that are about its door: an alarm, with its reason, and a finger of duress. */
const alarmOperation = '3';
const duressOperation = '32';
const alarmEnded = '65535';

/** "OPLOG 3 <tab> operator <tab> time <tab> reason …"; other operations (menus, enrolment), users and templates are not read. */
function alarmOf(line: string, serial: string): Record<string, string> | undefined {
  const [head = '', , time = '', first = ''] = line.split('\t').map((value) => value.trim());
  const [, operation] = /^OPLOG (\d+)$/.exec(head) ?? [];
  if (operation !== alarmOperation && operation !== duressOperation) return undefined;
  const isDuress = operation === duressOperation;
  if (!isTime.test(time) || (!isDuress && first === alarmEnded)) return undefined;
  return {
    table: 'oplog',
    sn: serial,
    time,
    operation,
    reason: isDuress ? '0' : first,
    pin: isDuress ? first : '0',
  };
}

const isTime = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;

function columns(line: string): Record<string, string> | undefined {
  const values = line.split('\t').map((value) => value.trim());
  if (values.length < 2 || values[0] === '' || !isTime.test(values[1] ?? '')) return undefined;
  const found = attlogFields.map((field, place) => [field, values[place] ?? ''] as const);
  return {
    table: 'attlog',
    ...Object.fromEntries(found),
    status: values[2] || '255',
    verify: values[3] || '255',
  };
}

function namedFields(line: string): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const pair of line.split('\t')) {
    const at = pair.indexOf('=');
    if (at > 0) found[pair.slice(0, at).trim().toLowerCase()] = pair.slice(at + 1).trim();
  }
  if (found['time'] === undefined) return undefined;
  const identity = Object.entries(rtlogIdentity).map(
    ([name, usual]) => [name, found[name] || usual] as const,
  );
  return { ...found, ...Object.fromEntries(identity), table: 'rtlog' };
}

interface Setup {
  readonly serial: string;
  /** Hours east of UTC that the terminal is told. */
  readonly timeZoneHours: number;
  /** What an access terminal registers with; nothing depends on it. */
  readonly registryCode: string;
}

/** The answer to the first request of an attendance terminal: send everything that was not acknowledged, at once, as it happens. */
export function attendanceOptions({ serial, timeZoneHours }: Setup): string {
  return lines([
    `GET OPTION FROM: ${serial}`,
    'ATTLOGStamp=None',
    'OPERLOGStamp=None',
    'ATTPHOTOStamp=None',
    'ErrorDelay=30',
    'Delay=10',
    'TransTimes=00:00;14:05',
    'TransInterval=1',
    'TransFlag=TransData AttLog\tOpLog',
    `TimeZone=${timeZoneHours}`,
    'Realtime=1',
    'Encrypt=None',
    'ServerVer=2.4.1',
    'PushProtVer=2.4.1',
  ]);
}

/** The same for an access terminal or panel. */
export function accessOptions({ registryCode }: Setup): string {
  return lines([
    'registry=ok',
    `RegistryCode=${registryCode}`,
    'ServerVersion=3.1.1',
    'ServerName=Pantau',
    'PushProtVer=3.1.1',
    'ErrorDelay=30',
    'RequestDelay=10',
    'TransTimes=00:00;14:05',
    'TransInterval=1',
    'TransTables=Transaction',
    'Realtime=1',
    'TimeoutSec=10',
  ]);
}

function lines(all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
