import { fileURLToPath } from 'node:url';
import { formatProblem } from '../../config/problem.ts';
import { loadFile } from '../../config/read/files.ts';
import { alarmAimsSchema, type AlarmAims } from '../../config/schema/alarm-aims.ts';

/** The aims of the alarm system as they are shipped. */
export function shippedAims(): AlarmAims {
  const folder = fileURLToPath(new URL('../../config/library/alarm-system', import.meta.url));
  const { value, problems } = loadFile(folder, 'aims', alarmAimsSchema);
  if (value === undefined) throw new Error(problems.map(formatProblem).join('; '));
  return value;
}
