import { readFileSync } from 'node:fs';
import type { Model } from '../../../config/model.ts';
import { bsreSigner } from './bsre.ts';
import { localKeySigner } from './local-key.ts';
import type { PdfSigner } from './signer.ts';

/** The signers of `pantau.yaml`. Throws, with the remedy, when a key cannot sign: at the start rather than at the first signature. */
export function openSigners({ signing }: Pick<Model, 'signing'>, now: number): PdfSigner[] {
  const { localKey, bsre } = signing ?? {};
  return [
    ...(localKey === undefined
      ? []
      : [localKeySigner(readFileSync(localKey.file), localKey.passphrase, now)]),
    ...(bsre === undefined ? [] : [bsreSigner(bsre)]),
  ];
}
