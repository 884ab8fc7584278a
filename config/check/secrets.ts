import type { Path } from '../read/source.ts';
import type { Report } from './report.ts';

/** The environment that secrets are looked up in. */
export type Secrets = Readonly<Record<string, string | undefined>>;

/** A secret that the real field needs must be set; a simulated field needs none. */
export function reportUnset(
  secrets: Secrets | undefined,
  secret: { env: string } | undefined,
  path: Path,
  report: Report,
): void {
  if (secrets === undefined || secret === undefined) return;
  const value = secrets[secret.env];
  if (value === undefined || value === '')
    report([...path, 'env'], {
      found: `environment variable ${secret.env} is not set`,
      expected: 'the secret in it, since the field is real',
    });
}
