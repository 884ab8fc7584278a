import { readFileSync } from 'node:fs';
import type { Model } from '../../../config/model.ts';
import { bsreSigner } from './bsre.ts';
import type { PdfSigner } from './signer.ts';

/** The signers of `pantau.yaml`. Rejects, with the remedy, when a key cannot sign: at the start rather than at the first signature. */
export async function openSigners({ signing }: Pick<Model, 'signing'>, now: number): Promise<PdfSigner[]> {
  const { localKey, bsre } = signing ?? {};
  const signers: PdfSigner[] = [];
  if (localKey !== undefined) {
    // What opens a key is large, and most installations have none.
    const { localKeySigner } = await import('./local-key.ts');
    signers.push(localKeySigner(readFileSync(localKey.file), localKey.passphrase, now));
  }
  if (bsre !== undefined) signers.push(bsreSigner(bsre));
  return signers;
}
