import { existsSync } from 'node:fs';
import path from 'node:path';
import { buildModel } from './build/model.ts';
import { checkBoundRules } from './check/bound-rules.ts';
import type { Connections } from './check/connections.ts';
import { checkPeople } from './check/people.ts';
import { checkRecording } from './check/recording.ts';
import { type Secrets, reporter } from './check/report.ts';
import { idleRules, knownStates } from './check/rules.ts';
import type { Senders } from './check/senders.ts';
import { checkSigning } from './check/signing.ts';
import { checkSite } from './check/site.ts';
import {
  chosenCompliance,
  chosenStandard,
  loadCalendars,
  loadOnly,
  loadStatutory,
  missingCalendars,
} from './load/library.ts';
import { openProfiles } from './load/profiles.ts';
import { checkedRules } from './load/rules.ts';
import { chosenSites, loadSite } from './load/sites.ts';
import type { Model } from './model.ts';
import { quote, type ConfigProblem } from './problem.ts';
import {
  type Folders,
  libraryNames,
  loadFile,
  loadLibraryPart,
  overridingFiles,
  shippedLibrary,
  yamlNames,
} from './read/files.ts';
import { property } from './read/source.ts';
import { alarmAimsSchema } from './schema/alarm-aims.ts';
import { loadTestProfileSchema } from './schema/loadtest.ts';
import { peopleSchema, type People } from './schema/people.ts';
import { rootSchema } from './schema/root.ts';
import { ruleFileSchema } from './schema/rule.ts';
import { standardSchema } from './schema/standard.ts';

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
  const profiles = openProfiles(folders, problems);
  const standards = loadLibraryPart(folders, 'standards', standardSchema);
  const calendars = loadCalendars(folders, problems);
  if (root.source !== undefined && libraryNames(folders, 'calendar').size === 0)
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
  const connections: Connections = new Map();
  for (const site of sites) {
    problems.push(...site.loaded.problems);
    const { source } = site.loaded;
    if (source === undefined || site.known === undefined) continue;
    const { unsure } = site.known;
    const context = {
      dir,
      data: source.data,
      unsure,
      profiles,
      senders,
      connections,
      siteId: site.id,
      standard,
      secrets,
    };
    checkSite(site.known.file, context, reporter(source, problems, site.known.origin));
  }

  const files = sites.flatMap((site) => site.known?.file ?? []);
  const complete =
    profiles.areWhole() &&
    sites.length === root.value?.sites.length &&
    sites.every((site) => site.loaded.value !== undefined);
  const { rules, own, replaced, reportOf } = checkedRules(
    ruleFiles,
    {
      known: complete
        ? {
            here: knownStates(profiles.used(), files),
            anywhere: () => knownStates(profiles.all(), files),
          }
        : undefined,
      standard,
    },
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
    profiles: new Map(profiles.used().map((profile) => [profile.name, profile])),
    sites: sites.flatMap(({ id, loaded }) =>
      loaded.value === undefined ? [] : [{ id, file: loaded.value }],
    ),
    env,
  });
  if (root.source !== undefined) checkRecording(model, reporter(root.source, problems));
  if (root.source !== undefined && root.value?.signing !== undefined)
    checkSigning(root.value.signing, { dir, env }, reporter(root.source, problems));
  checkBoundRules(model, profiles, (rule) => (own.has(rule) ? reportOf(rule) : undefined), reportOf);
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

function sorted(problems: readonly ConfigProblem[]): ConfigProblem[] {
  return [...problems].sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}
