import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { chmodSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { originOf, publicKeyOf, type Signer } from './note.ts';

/** Only its owner reads it: whoever has it can sign in this installation's name. */
const ownerOnly = 0o600;

/**
 * The Ed25519 key in the file, made if there is none; named by `name`, or after the key. Throws when the file holds something else: a key
 * is never replaced silently.
 */
export function openKey(path: string, name?: string): Signer {
  const existing = read(path);
  const pem = existing ?? make(path);
  let privateKey;
  try {
    privateKey = createPrivateKey(pem);
  } catch (cause) {
    throw new Error(
      `${path} holds no key: put the file of a backup in its place; without it checkpoints cannot be signed as before`,
      { cause },
    );
  }
  chmodSync(path, ownerOnly);
  const publicKey = publicKeyOf(privateKey);
  return { name: name ?? originOf(publicKey), privateKey, publicKey };
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Written whole, then given its name: a crash leaves no half key, and of two processes that start at once both use the first. */
function make(path: string): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const partial = `${path}.${process.pid}.partial`;
  writeFileSync(partial, pem, { mode: ownerOnly, flush: true });
  try {
    linkSync(partial, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(partial, { force: true });
  }
  return readFileSync(path, 'utf8');
}
