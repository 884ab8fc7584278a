import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { loadFile, yamlNames, type LoadedFile } from './files.ts';

/**
 * The library ships with the product: profiles, rules, standards and calendars. An installation's own folder may hold
 * files of the same names, which are then read instead, and files beside them.
 */
export interface Folders {
  readonly dir: string;
  readonly library: string;
}

export type LibraryPart = 'profiles' | 'rules' | 'standards' | 'calendar';
const parts: readonly LibraryPart[] = ['profiles', 'rules', 'standards', 'calendar'];

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

export function loadLibraryPart<Value>(
  { dir, library }: Folders,
  part: LibraryPart,
  schema: z.ZodType<Value>,
): LibraryFile<Value>[] {
  const own = new Set(yamlNames(path.join(dir, part)));
  const names = new Set([...own, ...yamlNames(path.join(library, part))]);
  return [...names].sort().map((name) => {
    const shipped = !own.has(name);
    return { ...loadFile(path.join(shipped ? library : dir, part), name, schema), shipped };
  });
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
