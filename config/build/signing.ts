import path from 'node:path';
import type { SigningEntry } from '../schema/signing.ts';

/** With the secrets looked up and the path of the key made whole. */
export interface SigningModel {
  readonly localKey?: { readonly file: string; readonly passphrase: string };
  readonly bsre?: { readonly url: string; readonly user: string; readonly password: string };
}

export function buildSigning(
  { localKey, bsre }: SigningEntry,
  { dir, env }: { readonly dir: string; readonly env: Readonly<Record<string, string | undefined>> },
): SigningModel {
  return {
    ...(localKey === undefined
      ? {}
      : {
          localKey: {
            file: path.resolve(dir, localKey.file),
            passphrase: env[localKey.passphrase.env] ?? '',
          },
        }),
    ...(bsre === undefined ? {} : { bsre: { url: bsre.url, user: bsre.user, password: env[bsre.password.env] ?? '' } }),
  };
} // prettier-ignore
