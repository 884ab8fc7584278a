import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createPrivateKey } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCheckpoint, publicKeyOf } from '../core/log/note.ts';
import { verifyLog, type Verification } from '../server/audit/verify.ts';
import type { Witness } from '../server/audit/verify-checkpoints.ts';
import { witnessFile } from '../core/log/witness-file.ts';
import type { Environment } from './environment.ts';
import { withOperations } from './operations.ts';
import { createProgress } from './progress.ts';
import { restoreBackup } from './restore.ts';
import { exitCodes, UsageError } from './usage.ts';

interface VerifyArguments {
  /** Folder or file of `pantau backup`; absent: the data of this installation. */
  readonly backup?: string | undefined;
  /** Files that remote collectors keep. */
  readonly witness: readonly string[];
  /** C2SP verifier key, or the 32 bytes in base64. */
  readonly key?: string | undefined;
  /** An empty PostgreSQL database, for a backup of one. */
  readonly database?: string | undefined;
  readonly json?: boolean | undefined;
}

type Place = Pick<Environment, 'PANTAU_DATA' | 'PANTAU_DATABASE_URL'>;

/** `pantau verify-log`: 0 when every value is what was logged, 1 when not; the first bad record comes first. */
export async function runVerifyLog(
  environment: Place,
  asked: VerifyArguments,
  print: (text: string) => void,
): Promise<number> {
  const witnesses = asked.witness.map(readWitness);
  const verified =
    asked.backup === undefined
      ? await verifyPlace(environment, { asked, witnesses })
      : await verifyBackup(asked.backup, { asked, witnesses });
  print(asked.json === true ? JSON.stringify(verified) : reportOf(verified, witnesses.length));
  return verified.problems === 0 ? exitCodes.ok : exitCodes.failed;
}

interface Means {
  readonly asked: VerifyArguments;
  readonly witnesses: readonly Witness[];
}

async function verifyPlace(environment: Place, { asked, witnesses }: Means): Promise<Verification> {
  const { PANTAU_DATA: dataDir, PANTAU_DATABASE_URL: url } = environment;
  if (url === undefined && !existsSync(join(dataDir, 'operations.db')))
    throw new UsageError(`${dataDir} is no data folder of a server; name it with PANTAU_DATA`);
  const publicKey = keyOf(asked.key) ?? installedKey(join(dataDir, 'log-key.pem'));
  const progress = createProgress(process.stderr);
  try {
    return await withOperations(environment, (db) =>
      verifyLog(db, {
        witnesses,
        publicKey,
        onProgress: (done, of) => progress.show({ done, of, what: `${done} of ${of} entries` }),
      }),
    );
  } finally {
    progress.end();
  }
}

/** A backup is looked at as it was taken: on a copy, and without what a witness saw later. */
async function verifyBackup(backup: string, { asked, witnesses }: Means): Promise<Verification> {
  const folder = mkdtempSync(join(tmpdir(), 'pantau-verify-'));
  const dataDir = join(folder, 'data');
  try {
    const { madeAt } = await restoreBackup({
      backup, dataDir, databaseUrl: asked.database, progress: () => undefined,
    }); // prettier-ignore
    const until = Date.parse(madeAt);
    const known = witnesses.map((witness) => ({
      ...witness,
      checkpoints: witness.checkpoints.filter(({ note }) => (parseCheckpoint(note)?.at ?? 0) < until),
    }));
    return await verifyPlace(
      { PANTAU_DATA: dataDir, PANTAU_DATABASE_URL: asked.database },
      { asked, witnesses: known },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readWitness(path: string): Witness {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(
      `--witness ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const parsed = witnessFile.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new UsageError(
    `--witness ${path} is not the file that a collector keeps (witness.json in its spool folder)`,
  );
}

function installedKey(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return publicKeyOf(createPrivateKey(readFileSync(path)));
  } catch {
    throw new UsageError(`${path} holds no key; put the file of a backup in its place`, exitCodes.unusable);
  }
}

/** Of `pantau/NAME+hash+base64` or the base64 alone. */
function keyOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const encoded = /^[^+]+\+[0-9a-f]{8}\+(.+)$/.exec(text)?.[1];
  const bytes = Buffer.from(encoded ?? text, 'base64');
  if (encoded !== undefined && bytes.length === 33) return bytes.subarray(1).toString('base64');
  if (encoded === undefined && bytes.length === 32) return bytes.toString('base64');
  throw new UsageError(`--key "${text}" is no key; GET /api/v1/log shows it`);
}

function reportOf(verified: Verification, witnesses: number): string {
  const { entries, root, checkpoints, witnessed, erased, problems, findings } = verified;
  const lines = [
    `${entries} entries, root ${root === '' ? 'cannot be computed' : root}`,
    `${checkpoints} checkpoints${witnesses === 0 ? '' : `; ${witnessed} that witnesses kept agree`}; ${erased} personal values erased on record`,
  ];
  if (problems === 0) return [...lines, 'every value is what was logged'].join('\n');
  const shown = findings.map(({ what, message }) => `${what}: ${message}`);
  const more = problems > findings.length ? [`and ${problems - findings.length} more`] : [];
  return [...lines, `${problems} problems:`, ...shown, ...more].join('\n');
}
