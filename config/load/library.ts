import path from 'node:path';
import type { z } from 'zod';
import { nearestName } from '../../core/names.ts';
import { inWib } from '../../core/wib.ts';
import { checkCompliance } from '../check/compliance.ts';
import { reporter } from '../check/report.ts';
import { quote, type ConfigProblem } from '../problem.ts';
import {
  type Folders,
  type LibraryFile,
  type LibraryPart,
  type LoadedFile,
  loadLibraryPart,
} from '../read/files.ts';
import { property } from '../read/source.ts';
import { calendarSchema, type Calendar } from '../schema/calendar.ts';
import { complianceSchema, type ComplianceCatalogue } from '../schema/compliance.ts';
import type { RootFile } from '../schema/root.ts';
import type { Standard } from '../schema/standard.ts';
import { statutorySchema, type StatutoryReport } from '../schema/statutory.ts';

export function loadCalendars(folders: Folders, problems: ConfigProblem[]): Calendar[] {
  return loadLibraryPart(folders, 'calendar', calendarSchema).flatMap(
    ({ name, value, source, problems: found }) => {
      problems.push(...found);
      if (value === undefined || source === undefined) return [];
      const report = reporter(source, problems);
      if (name !== String(value.year))
        report(['year'], { found: `${value.year} is not the file's name`, expected: name });
      for (const list of ['holidays', 'jointLeave'] as const)
        value[list].forEach((day, index) => {
          if (!day.startsWith(`${name}-`))
            report([list, index], {
              found: `${quote(day)} is of another year`,
              expected: `a day of ${name}`,
            });
        });
      return [value];
    },
  );
}

/** The ministry's year, WIB. The coming year's table is due before it begins. */
export function missingCalendars(dir: string, calendars: readonly Calendar[], now: number): string[] {
  const year = inWib(now).getUTCFullYear();
  return [year, year + 1]
    .filter((each) => !calendars.some((calendar) => calendar.year === each))
    .map(
      (each) =>
        `${path.join(dir, 'calendar', String(each))}.yaml: is missing; no day of ${each} is known to be a holiday; "pantau holidays import FILE" makes it of a table or an iCalendar file`,
    );
}

export function loadStatutory(folders: Folders, problems: ConfigProblem[]): StatutoryReport[] {
  return loadLibraryPart(folders, 'statutory', statutorySchema).flatMap(
    ({ name, value, source, problems: found }) => {
      problems.push(...found);
      if (value === undefined || source === undefined) return [];
      const report = reporter(source, problems);
      if (name !== value.report)
        report(['report'], { found: `${quote(value.report)} is not the file's name`, expected: name });
      value.fields.forEach(({ field }, index) => {
        if (value.fields.findIndex((each) => each.field === field) < index)
          report(['fields', index], {
            found: `${quote(field)} is named twice`,
            expected: 'every field once',
          });
      });
      return [value];
    },
  );
}

/** The only file of a part that is read: an installation that has its own replaces the shipped one. Undefined: there is none. */
export function loadOnly<Value>(
  folders: Folders,
  {
    part,
    name,
    schema,
  }: { readonly part: LibraryPart; readonly name: string; readonly schema: z.ZodType<Value> },
  problems: ConfigProblem[],
): LibraryFile<Value> | undefined {
  const files = loadLibraryPart(folders, part, schema);
  problems.push(...files.flatMap((file) => file.problems));
  for (const other of files)
    if (other.name !== name)
      problems.push({
        file: path.join(other.shipped ? folders.library : folders.dir, part, `${other.name}.yaml`),
        line: 0, path: '', found: 'is not read', expected: `${part}/${name}.yaml`,
      }); // prettier-ignore
  return files.find((file) => file.name === name);
}

export function chosenStandard(
  root: LoadedFile<RootFile>,
  standards: readonly LoadedFile<Standard>[],
  problems: ConfigProblem[],
): Standard | undefined {
  const name = property(root.source?.data, 'standard');
  if (typeof name !== 'string' || root.source === undefined) return undefined;
  const names = standards.map((file) => file.name);
  if (!names.includes(name))
    reporter(root.source, problems)(['standard'], {
      found: `${quote(name)} is unknown`, expected: 'a file of standards/', nearest: nearestName(name, names),
    }); // prettier-ignore
  return standards.find((file) => file.name === name)?.value;
}

/** What is proven is the standard's; a standard without such a file has no page of it. */
export function chosenCompliance(
  folders: Folders,
  { root, standard }: { root: LoadedFile<RootFile>; standard: Standard | undefined },
  problems: ConfigProblem[],
): ComplianceCatalogue | undefined {
  const name = property(root.source?.data, 'standard');
  const files = loadLibraryPart(folders, 'compliance', complianceSchema);
  for (const file of files) {
    problems.push(...file.problems);
    if (file.source !== undefined && file.value !== undefined && file.name === name)
      checkCompliance(file.value, standard, reporter(file.source, problems));
  }
  return files.find((file) => file.name === name)?.value;
}
