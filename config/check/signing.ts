import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { quote } from '../problem.ts';
import type { SigningEntry } from '../schema/signing.ts';
import type { Report, Secrets } from './report.ts';

/** Refuses a key that is not there and secrets that are not set. */
export function checkSigning(
  { localKey, bsre }: SigningEntry,
  { dir, env }: { readonly dir: string; readonly env: Secrets },
  report: Report,
): void {
  if (localKey !== undefined) {
    const file = resolve(dir, localKey.file);
    if (!existsSync(file))
      report(['signing', 'localKey', 'file'], {
        found: `there is no file ${quote(localKey.file)}`,
        expected: 'a PKCS #12 file (.p12) with the key and its certificate, relative to this folder',
      });
  }
  for (const [path, name] of [
    [['signing', 'localKey', 'passphrase', 'env'], localKey?.passphrase.env],
    [['signing', 'bsre', 'password', 'env'], bsre?.password.env],
  ] as const)
    if (name !== undefined && (env[name] ?? '') === '')
      report(path, { found: `environment variable ${name} is not set`, expected: 'the secret in it' });
}
