import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { exitCodes, UsageError } from "./usage.js";
export const manifestName = 'manifest.json';
/** Of the layout of a backup; raised when an older program could not restore it. */
export const backupFormat = 1;
/** Relative, below the backup: a manifest from elsewhere must not write outside the folder that is restored. */
const safePath = z
    .string()
    .regex(/^(data|config)\/[^\0\\]+$/)
    .refine((path) => !path.split('/').some((part) => part === '..' || part === '.' || part === ''));
const fileEntry = z.object({
    /** `data/…` or `config/…`. */
    path: safePath,
    bytes: z.int().min(0),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
const manifest = z.object({
    product: z.literal('pantau-dc'),
    format: z.int().min(1),
    /** Of the program that made it. */
    version: z.string(),
    madeAt: z.iso.datetime({ offset: true }),
    /** What the operations database has been through: a program that does not know one of them is too old for it. */
    migrations: z.array(z.string()),
    operations: z.enum(['sqlite', 'postgresql']),
    readings: z.enum(['embedded', 'influxdb']),
    files: z.array(fileEntry),
    /** In words, for people: what belongs to the installation and is not in the backup. */
    notIncluded: z.array(z.string()),
});
/** A backup that cannot be restored; the message says what to do. */
export function unusable(message) {
    return new UsageError(message, exitCodes.unusable);
}
/** Throws UsageError when there is no manifest, or it is damaged or of a newer program. */
export function readManifest(dir) {
    const path = join(dir, manifestName);
    let content;
    try {
        content = JSON.parse(readFileSync(path, 'utf8'));
    }
    catch (error) {
        throw unusable(`${dir} is no whole backup: ${path} cannot be read (${error instanceof Error ? error.message : String(error)}); take another one`);
    }
    const { data: head } = z.object({ format: z.int(), version: z.string() }).safeParse(content);
    if (head !== undefined && head.format > backupFormat)
        throw unusable(`${dir} was made by a newer version of Pantau (${head.version}): restore it with that version`);
    const parsed = manifest.safeParse(content);
    if (parsed.success)
        return parsed.data;
    const [issue] = parsed.error.issues;
    throw unusable(`${path} is damaged: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a manifest'}; take another backup`);
}
export async function hashOf(path) {
    const hash = createHash('sha256');
    let bytes = 0;
    await pipeline(createReadStream(path), async (chunks) => {
        for await (const chunk of chunks) {
            const part = chunk;
            hash.update(part);
            bytes += part.length;
        }
    });
    return { bytes, sha256: hash.digest('hex') };
}
export function sizeText(bytes) {
    const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
    let place = 0;
    let size = bytes;
    while (size >= 1_000 && place < units.length - 1) {
        size /= 1_000;
        place += 1;
    }
    return `${place === 0 ? size : size.toFixed(1)} ${units[place] ?? ''}`;
}
//# sourceMappingURL=backup-manifest.js.map