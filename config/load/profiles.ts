import { checkProfile } from '../check/profile.ts';
import { reporter } from '../check/report.ts';
import type { ConfigProblem } from '../problem.ts';
import { type Profile, profileSchema } from '../schema/profile.ts';
import { type Folders, libraryNames, loadLibraryFile, shippedLibrary } from '../read/files.ts';

/** Profiles by name; one whose own file is broken is known by name only. */
export type ProfileLookup = Pick<ReadonlyMap<string, Profile | 'broken'>, 'get' | 'keys'>;

/** The profiles of an installation, each read when it is first asked for. */
export interface Profiles extends ProfileLookup {
  /** Those that are whole: the installation's own, and the shipped ones that were asked for. */
  used(): Profile[];
  /** Every one that is whole; reads the rest of the library. */
  all(): Profile[];
  /** None that was read is broken. */
  areWhole(): boolean;
}

/**
 * An installation uses a fraction of the shipped profiles, and reading all of them takes longer than all the rest of a start. Its own
 * are read at once, so that their mistakes are told though no device uses them yet. Mistakes are added to `problems` as files are read.
 */
export function openProfiles(folders: Folders, problems: ConfigProblem[]): Profiles {
  const names = libraryNames(folders, 'profiles');
  const read = new Map<string, Profile | 'broken'>();

  function get(name: string): Profile | 'broken' | undefined {
    const known = read.get(name);
    const shipped = names.get(name);
    if (known !== undefined || shipped === undefined) return known;
    const profile = load(name, shipped);
    read.set(name, profile);
    return profile;
  }

  function load(name: string, shipped: boolean): Profile | 'broken' {
    const {
      value,
      source,
      problems: found,
    } = loadLibraryFile(folders, { part: 'profiles', name, shipped }, profileSchema);
    const before = problems.length;
    problems.push(...found);
    if (value === undefined || source === undefined) return 'broken';
    const profile = { ...value, name };
    checkProfile(profile, reporter(source, problems));
    return problems.length > before ? 'broken' : profile;
  }

  const used = (): Profile[] =>
    [...names.keys()].flatMap((name) => {
      const profile = read.get(name);
      return profile === undefined || profile === 'broken' ? [] : [profile];
    });
  for (const [name, shipped] of names) if (!shipped) get(name);
  return {
    get,
    keys: () => names.keys(),
    used,
    all() {
      for (const name of names.keys()) get(name);
      return used();
    },
    areWhole: () => [...read.values()].every((profile) => profile !== 'broken'),
  };
}

/** Every whole profile of an installation. Takes seconds: a server reads them in a thread (load-thread.ts). */
export function allProfiles(dir: string): Profile[] {
  return openProfiles({ dir, library: shippedLibrary() }, []).all();
}
