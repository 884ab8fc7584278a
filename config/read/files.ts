import path from 'node:path';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import type { z } from 'zod';
import type { ConfigProblem } from '../problem.ts';
import { problemsOf } from './issues.ts';
import { type Source, parseSource } from './source.ts';
import { fileURLToPath } from 'node:url';

/** One file of the configuration, as far as it could be read. */
export interface LoadedFile<Value> {
  /** Below its folder, without the ending: `pdu/apc-rpdu2`. */
  readonly name: string;
  readonly file: string;
  readonly problems: readonly ConfigProblem[];
  /** Absent when the text is no YAML. */
  readonly source?: Source;
  /** Absent when the content is not valid; then `error` gives the reason. */
  readonly value?: Value;
  readonly error?: z.ZodError;
}

const ending = '.yaml';

/** Reads and validates one file. Never throws: whatever is wrong is among the problems. */
export function loadFile<Value>(dir: string, name: string, schema: z.ZodType<Value>): LoadedFile<Value> {
  const file = path.join(dir, name + ending);
  const base = { name, file };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const found = missing
      ? 'the file is missing'
      : `cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return { ...base, problems: [{ file, line: 0, path: '', found, expected: 'a readable YAML file' }] };
  }
  const { source, problems } = parseSource(file, text);
  if (source === undefined) return { ...base, problems };
  const result = schema.safeParse(source.data);
  if (result.success) return { ...base, problems, source, value: result.data };
  return {
    ...base,
    problems: [...problems, ...problemsOf(source, schema, result.error)],
    source,
    error: result.error,
  };
}

/** Every YAML file of a folder and the folders in it, by name. */
export function loadFolder<Value>(dir: string, schema: z.ZodType<Value>): LoadedFile<Value>[] {
  return yamlNames(dir).map((name) => loadFile(dir, name, schema));
}

/** Names without ending, `/` between folders, sorted; none when there is no such folder. */
export function yamlNames(dir: string): string[] {
  let found: string[];
  try {
    found = readdirSync(dir, { recursive: true, encoding: 'utf8' });
  } catch {
    return [];
  }
  return found
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length).replaceAll(path.sep, '/'))
    .sort();
}

/**
 * The library ships with the product: profiles, rules, standards, calendars, the reports that laws ask for, the aims of the alarm
 * system and the criteria of load tests. An installation's own folder may hold
 * files of the same names, which are then read instead, and files beside them.
 */
export interface Folders {
  readonly dir: string;
  readonly library: string;
}

const parts = [
  'profiles',
  'rules',
  'standards',
  'calendar',
  'statutory',
  'alarm-system',
  'compliance',
  'loadtest',
] as const;
export type LibraryPart = (typeof parts)[number];

export interface LibraryFile<Value> extends LoadedFile<Value> {
  /** It is the product's, not the installation's. */
  readonly shipped: boolean;
}

/** Below the working directory the short form is printed in messages. */
export function shippedLibrary(): string {
  const inSources = fileURLToPath(new URL('../library', import.meta.url));
  const besideBuild = fileURLToPath(new URL('../../../config/library', import.meta.url));
  const library = existsSync(inSources) ? inSources : besideBuild;
  const short = path.relative(process.cwd(), library);
  return short.startsWith('..') ? library : short;
}

/** Name → whether it is the shipped file that is read; sorted. */
export function libraryNames({ dir, library }: Folders, part: LibraryPart): ReadonlyMap<string, boolean> {
  const own = new Set(yamlNames(path.join(dir, part)));
  const names = new Set([...own, ...yamlNames(path.join(library, part))]);
  return new Map([...names].sort().map((name) => [name, !own.has(name)]));
}

/** Path of the file that is read by that name. */
export function libraryFile(folders: Folders, part: LibraryPart, name: string): string | undefined {
  const shipped = libraryNames(folders, part).get(name);
  return shipped === undefined
    ? undefined
    : path.join(shipped ? folders.library : folders.dir, part, `${name}.yaml`);
}

export function loadLibraryFile<Value>(
  { dir, library }: Folders,
  { part, name, shipped }: { readonly part: LibraryPart; readonly name: string; readonly shipped: boolean },
  schema: z.ZodType<Value>,
): LibraryFile<Value> {
  return { ...loadFile(path.join(shipped ? library : dir, part), name, schema), shipped };
}

export function loadLibraryPart<Value>(
  folders: Folders,
  part: LibraryPart,
  schema: z.ZodType<Value>,
): LibraryFile<Value>[] {
  return [...libraryNames(folders, part)].map(([name, shipped]) =>
    loadLibraryFile(folders, { part, name, shipped }, schema),
  );
}

/** Every file of the installation that is read instead of a shipped one: `config/rules/power.yaml`. */
export function overridingFiles({ dir, library }: Folders): string[] {
  return parts.flatMap((part) => {
    const shipped = new Set(yamlNames(path.join(library, part)));
    return yamlNames(path.join(dir, part))
      .filter((name) => shipped.has(name))
      .map((name) => path.join(dir, part, `${name}.yaml`));
  });
}
