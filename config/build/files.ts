import type { Calendar } from '../schema/calendar.ts';
import type { Profile } from '../schema/profile.ts';
import type { RootFile } from '../schema/root.ts';
import type { RuleEntry } from '../schema/rule.ts';
import type { SiteFile } from '../schema/site.ts';
import type { Standard } from '../schema/standard.ts';

/** What the files say, each valid by itself and checked against the others. */
export interface ConfigFiles {
  readonly root: RootFile;
  readonly standard: Standard;
  readonly calendars: readonly Calendar[];
  readonly rules: readonly RuleEntry[];
  readonly profiles: ReadonlyMap<string, Profile>;
  readonly sites: readonly { readonly id: string; readonly file: SiteFile }[];
  /** The folder they stand in. */
  readonly dir: string;
  /** Where the passwords of brokers are looked up. */
  readonly env: Readonly<Record<string, string | undefined>>;
}
