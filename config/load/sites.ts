import path from 'node:path';
import { nearestName } from '../../core/names.ts';
import { reporter } from '../check/report.ts';
import { quote, type ConfigProblem } from '../problem.ts';
import { type LoadedFile, loadFile } from '../read/files.ts';
import { salvageSite, type SalvagedSite } from '../read/salvage.ts';
import { property } from '../read/source.ts';
import type { RootFile } from '../schema/root.ts';
import { siteSchema, type SiteFile } from '../schema/site.ts';

export interface SiteLoad {
  readonly id: string;
  readonly loaded: LoadedFile<SiteFile>;
  readonly known: SalvagedSite | undefined;
}

/** The sites that `pantau.yaml` names; every site file when it names none, so that their mistakes are reported too. */
export function chosenSites(
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

export function loadSite(dir: string, id: string): SiteLoad {
  const loaded = loadFile(path.join(dir, 'sites'), id, siteSchema);
  if (loaded.value !== undefined)
    return { id, loaded, known: { file: loaded.value, unsure: new Set(), origin: (at) => at } };
  const known = loaded.source && salvageSite(loaded.source.data);
  return { id, loaded, known };
}
