import { nearestName } from '../core/names.ts';
import { inWib } from '../core/wib.ts';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { buildModel } from './build/model.ts';
import { checkCompliance } from './check/compliance.ts';
import { checkPeople } from './check/people.ts';
import { checkProfile } from './check/profile.ts';
import { type Report, type Secrets, reporter } from './check/report.ts';
import { checkRecording } from './check/recording.ts';
import { checkBoundRules } from './check/bound-rules.ts';
import { checkRules, idleRules, knownStates } from './check/rules.ts';
import { checkSigning } from './check/signing.ts';
import type { Senders } from './check/senders.ts';
import { checkSite } from './check/site.ts';
import type { Model } from './model.ts';
import { quote, type ConfigProblem } from './problem.ts';
import {
  type Folders,
  type LibraryFile,
  type LibraryPart,
  type LoadedFile,
  loadFile,
  loadLibraryPart,
  overridingFiles,
  shippedLibrary,
  yamlNames,
} from './read/files.ts';
import { salvage, salvageSite, type SalvagedSite } from './read/salvage.ts';
import { property, type Path, type Source } from './read/source.ts';
import { alarmAimsSchema } from './schema/alarm-aims.ts';
import { calendarSchema, type Calendar } from './schema/calendar.ts';
import { complianceSchema, type ComplianceCatalogue } from './schema/compliance.ts';
import { loadTestProfileSchema } from './schema/loadtest.ts';
import { profileSchema, type Profile } from './schema/profile.ts';
import { peopleSchema, type People } from './schema/people.ts';
import { rootSchema, type RootFile } from './schema/root.ts';
import { ruleFileSchema, type RuleEntry } from './schema/rule.ts';
import { siteSchema, type SiteFile } from './schema/site.ts';
import { standardSchema, type Standard } from './schema/standard.ts';
import { statutorySchema, type StatutoryReport } from './schema/statutory.ts';

export { formatProblem } from './problem.ts';

export type LoadResult =
  | {
      readonly ok: true;
      readonly model: Model;
      readonly warnings: string[];
      /** What of the shipped library this installation replaces, a sentence each. */
      readonly overrides: string[];
    }
  | { readonly ok: false; readonly problems: ConfigProblem[] };

export interface LoadOptions {
  /** Where secrets are looked up; the process's own environment unless given. */
  readonly env?: Secrets;
  /** Epoch ms; decides which calendars should be there. */
  readonly now?: number;
  /** The folder of shipped profiles, rules, standards and calendars; the product's own unless given. */
  readonly library?: string;
}

/**
 * Reads a configuration folder. Never throws and never dials: either everything is valid and expanded, or every
 * mistake of every file comes back at once.
 */
export function loadConfig(dir: string, options: LoadOptions = {}): LoadResult {
  const env = options.env ?? process.env;
  const problems: ConfigProblem[] = [];
  const root = loadFile(dir, 'pantau', rootSchema);
  problems.push(...root.problems);
  const folders: Folders = { dir, library: options.library ?? shippedLibrary() };
  const profiles = loadProfiles(folders, problems);
  const standards = loadLibraryPart(folders, 'standards', standardSchema);
  const calendars = loadCalendars(folders, problems);
  if (root.source !== undefined && loadLibraryPart(folders, 'calendar', calendarSchema).length === 0)
    problems.push({
      file: path.join(dir, 'calendar'), line: 0, path: '', found: 'there is no calendar',
      expected: 'one at least, such as calendar/2026.yaml; the times of P2 to P5 count its working hours',
    }); // prettier-ignore
  const statutory = loadStatutory(folders, problems);
  const alarmSystem = loadOnly(
    folders,
    { part: 'alarm-system', name: 'aims', schema: alarmAimsSchema },
    problems,
  );
  const alarmAims = alarmSystem?.value;
  if (root.source !== undefined && alarmSystem === undefined)
    problems.push({
      file: path.join(dir, 'alarm-system', 'aims.yaml'),
      line: 0, path: '', found: 'is missing', expected: 'the aims of the alarm system',
    }); // prettier-ignore
  // Without it load tests are not judged.
  const loadTest = loadOnly(
    folders,
    { part: 'loadtest', name: 'default', schema: loadTestProfileSchema },
    problems,
  )?.value;
  const ruleFiles = loadLibraryPart(folders, 'rules', ruleFileSchema);
  problems.push(...[...standards, ...ruleFiles].flatMap((file) => file.problems));

  const standard = chosenStandard(root, standards, problems);
  const compliance = chosenCompliance(folders, { root, standard }, problems);
  const siteNames = yamlNames(path.join(dir, 'sites'));
  const sites = chosenSites(root, siteNames, problems).map((id) => loadSite(dir, id));
  const secrets = property(root.source?.data, 'field') === 'real' ? env : undefined;
  const senders: Senders = new Map();
  for (const site of sites) {
    problems.push(...site.loaded.problems);
    const { source } = site.loaded;
    if (source === undefined || site.known === undefined) continue;
    const { unsure } = site.known;
    const context = { dir, data: source.data, unsure, profiles, senders, siteId: site.id, standard, secrets };
    checkSite(site.known.file, context, reporter(source, problems, site.known.origin));
  }

  const whole = [...profiles.values()].filter((profile) => profile !== 'broken');
  const files = sites.flatMap((site) => site.known?.file ?? []);
  const complete =
    whole.length === profiles.size &&
    sites.length === root.value?.sites.length &&
    sites.every((site) => site.loaded.value !== undefined);
  const { rules, own, replaced, reportOf } = checkedRules(
    ruleFiles,
    { known: complete ? knownStates(whole, files) : undefined, standard },
    problems,
  );

  const people = loadPeople(dir, { sites: root.value?.sites ?? siteNames, secrets }, problems);

  if (problems.length > 0 || root.value === undefined || standard === undefined || alarmAims === undefined)
    return { ok: false, problems: sorted(problems) };
  const model = buildModel({
    dir,
    root: root.value,
    standard,
    calendars,
    statutory,
    alarmAims,
    compliance,
    loadTest,
    people,
    rules,
    profiles: new Map(whole.map((profile) => [profile.name, profile])),
    sites: sites.flatMap(({ id, loaded }) =>
      loaded.value === undefined ? [] : [{ id, file: loaded.value }],
    ),
    env,
  });
  if (root.source !== undefined) checkRecording(model, reporter(root.source, problems));
  if (root.source !== undefined && root.value?.signing !== undefined)
    checkSigning(root.value.signing, { dir, env }, reporter(root.source, problems));
  checkBoundRules(model, (rule) => (own.has(rule) ? reportOf(rule) : undefined), reportOf);
  if (problems.length > 0) return { ok: false, problems: sorted(problems) };
  const unused = siteNames.filter((name) => !model.sites.some((site) => site.id === name));
  const warnings = [
    ...unused.map(
      (name) =>
        `${path.join(dir, 'sites', name)}.yaml: is not among the sites of pantau.yaml and is not watched`,
    ),
    ...missingCalendars(dir, calendars, options.now ?? Date.now()),
    ...idleRules(model, own),
  ];
  const overrides = [
    ...overridingFiles(folders).map((file) => `${file} is read instead of the shipped file`),
    ...replaced.map((name) => `rule ${quote(name)} replaces the shipped rule`),
  ];
  return { ok: true, model, warnings, overrides };
}

/** Without the file nobody is paged; the pages say so. */
function loadPeople(
  dir: string,
  context: Parameters<typeof checkPeople>[1],
  problems: ConfigProblem[],
): People | undefined {
  if (!existsSync(path.join(dir, 'people.yaml'))) return undefined;
  const { source, value, problems: found } = loadFile(dir, 'people', peopleSchema);
  problems.push(...found);
  if (source !== undefined && value !== undefined) checkPeople(value, context, reporter(source, problems));
  return value;
}

function loadProfiles(folders: Folders, problems: ConfigProblem[]): Map<string, Profile | 'broken'> {
  const files = loadLibraryPart(folders, 'profiles', profileSchema);
  return new Map(
    files.map(({ name, value, source, problems: found }) => {
      const before = problems.push(...found);
      if (value === undefined || source === undefined) return [name, 'broken'];
      const profile = { ...value, name };
      checkProfile(profile, reporter(source, problems));
      return [name, problems.length > before ? 'broken' : profile];
    }),
  );
}

function loadCalendars(folders: Folders, problems: ConfigProblem[]): Calendar[] {
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

function loadStatutory(folders: Folders, problems: ConfigProblem[]): StatutoryReport[] {
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
function loadOnly<Value>(
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

/** The ministry's year, WIB. The coming year's table is due before it begins. */
function missingCalendars(dir: string, calendars: readonly Calendar[], now: number): string[] {
  const year = inWib(now).getUTCFullYear();
  return [year, year + 1]
    .filter((each) => !calendars.some((calendar) => calendar.year === each))
    .map(
      (each) =>
        `${path.join(dir, 'calendar', String(each))}.yaml: is missing; no day of ${each} is known to be a holiday; "pantau holidays import FILE" makes it of a table or an iCalendar file`,
    );
}

function chosenStandard(
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
function chosenCompliance(
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

/** The sites that `pantau.yaml` names; every site file when it names none, so that their mistakes are reported too. */
function chosenSites(
  root: LoadedFile<RootFile>,
  files: readonly string[],
  problems: ConfigProblem[],
): string[] {
  const written = property(root.source?.data, 'sites');
  if (!Array.isArray(written) || root.source === undefined) return [...files];
  const report = reporter(root.source, problems);
  return written.flatMap((name: unknown, index) => {
    if (typeof name !== 'string') return [];
    if (!files.includes(name)) {
      report(['sites', index], {
        found: `${quote(name)} is unknown`,
        expected: 'a file of sites/',
        nearest: nearestName(name, files),
      });
      return [];
    }
    if (written.indexOf(name) < index) {
      report(['sites', index], { found: `${quote(name)} is named twice`, expected: 'every site once' });
      return [];
    }
    return [name];
  });
}

interface SiteLoad {
  readonly id: string;
  readonly loaded: LoadedFile<SiteFile>;
  readonly known: SalvagedSite | undefined;
}

function loadSite(dir: string, id: string): SiteLoad {
  const loaded = loadFile(path.join(dir, 'sites'), id, siteSchema);
  if (loaded.value !== undefined)
    return { id, loaded, known: { file: loaded.value, unsure: new Set(), origin: (at) => at } };
  const known = loaded.source && salvageSite(loaded.source.data);
  return { id, loaded, known };
}

interface CheckedRules {
  readonly rules: RuleEntry[];
  /** Names of the rules that the installation declares itself. */
  readonly own: ReadonlySet<string>;
  /** Names of the shipped rules that a rule of the installation replaces. */
  readonly replaced: string[];
  /** Notes what is wrong with a rule in its file. */
  readonly reportOf: (rule: string) => Report;
}

/**
 * A rule of the installation replaces the shipped rule of its name. Shipped rules may wait for states that no device of
 * this installation has; its own may not.
 */
function checkedRules(
  files: readonly LibraryFile<{ rules: RuleEntry[] }>[],
  context: { known: ReturnType<typeof knownStates> | undefined; standard: Standard | undefined },
  problems: ConfigProblem[],
): CheckedRules {
  const reports = new Map<string, Report>();
  const readRules = (shipped: boolean, names: Set<string>): RuleEntry[] =>
    files.flatMap((file) => {
      if (file.source === undefined || file.shipped !== shipped) return [];
      const { rules, origin } =
        file.value === undefined ? salvagedRules(file.source) : { rules: file.value.rules, origin: same };
      const report = reporter(file.source, problems, origin);
      checkRules(rules, names, { ...context, known: shipped ? undefined : context.known, report });
      rules.forEach(({ rule }, index) =>
        reports.set(rule, (at, finding) => {
          report(['rules', index, ...at], finding);
        }),
      );
      return rules;
    });
  const own = new Set<string>();
  const ownRules = readRules(false, own);
  const shippedNames = new Set<string>();
  const ownReports = new Map(reports);
  const shippedRules = readRules(true, shippedNames).filter(({ rule }) => !own.has(rule));
  return {
    rules: [...shippedRules, ...ownRules],
    own,
    replaced: [...own].filter((name) => shippedNames.has(name)),
    reportOf: (rule) => ownReports.get(rule) ?? reports.get(rule) ?? noRule(rule),
  };
}

function noRule(rule: string): never {
  throw new RangeError(`no rule ${rule} was read`);
}

function salvagedRules(source: Source): { rules: RuleEntry[]; origin: (at: Path) => Path } {
  const { data, origin } = salvage(source.data, ruleFileSchema, ['rules']);
  return { rules: ruleFileSchema.safeParse(data).data?.rules ?? [], origin };
}

function same(at: Path): Path {
  return at;
}

function sorted(problems: readonly ConfigProblem[]): ConfigProblem[] {
  return [...problems].sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}
