// Builds `dist/` from the sources: TypeScript is transpiled file by file (types are checked by `npm run check`), the pages by
// Vite. Safe to run twice at once: one builds beside, moves the result into place, the other waits.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants as zlibConstants, gzipSync } from 'node:zlib';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = ['core', 'domain', 'config', 'collectors', 'server', 'simulator', 'cli', 'bench'];
const dist = join(root, 'dist');
const lock = join(root, 'dist.lock');

/** In a process of its own: the compilers' hundreds of megabytes must not stay with a server that runs for months. */
export async function buildIfNeeded() {
  if (isPackaged() || (await isCurrent())) return;
  const { status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url)], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** Without sources or without compilers there is nothing to build with: what is there is what runs. */
function isPackaged() {
  if (!existsSync(join(root, 'cli'))) return true;
  try {
    createRequire(import.meta.url).resolve('typescript');
    return false;
  } catch {
    if (existsSync(dist)) return true;
    process.stderr.write(
      'pantau: there is no dist/ and no compiler to make it; run npm ci, then npm run build\n',
    );
    process.exit(70);
  }
}

async function buildOnce() {
  await withLock(async () => {
    if (!(await isCurrent())) await build();
  });
}

async function isCurrent() {
  const stamp = await readFile(join(dist, '.fingerprint'), 'utf8').catch(() => undefined);
  return stamp !== undefined && stamp === (await fingerprint());
}

/** Of every source's name, size and time of change: cheap enough for every start. YAML is read at run time and not built. */
async function fingerprint() {
  const hash = createHash('sha256');
  const files = (await filesBelow([...sources, 'web'])).filter((file) => !file.endsWith('.yaml'));
  for (const file of [...files, 'package-lock.json', 'vite.config.ts']) {
    const { size, mtimeMs } = await stat(join(root, file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

async function filesBelow(folders) {
  const lists = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(
        () => [],
      );
      return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    }),
  );
  return lists
    .flat()
    .map((file) => file.slice(root.length))
    .sort((a, b) => (a < b ? -1 : 1));
}

async function build() {
  process.stderr.write('pantau: building…\n');
  const beside = `${dist}.${process.pid}`;
  await rm(beside, { recursive: true, force: true });
  await mkdir(beside, { recursive: true });
  const stamp = await fingerprint();
  try {
    await transpile(beside);
    // Whoever starts it (a test runner, a developer's shell): the pages are never those of a development build, which are twice as large.
    process.env.NODE_ENV = 'production';
    const { build: viteBuild } = await import('vite');
    await viteBuild({
      configFile: join(root, 'vite.config.ts'),
      logLevel: 'warn',
      build: { outDir: join(beside, 'web'), emptyOutDir: true },
    });
    await compress(join(beside, 'web', 'assets'));
    await writeFile(join(beside, '.fingerprint'), stamp);
    await rm(dist, { recursive: true, force: true });
    await rename(beside, dist);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

async function transpile(target) {
  const { default: ts } = await import('typescript');
  const { config, error } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  if (error) throw new Error(ts.flattenDiagnosticMessageText(error.messageText, '\n'));
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  for (const file of await filesBelow(sources)) {
    if (!file.endsWith('.ts') || file.endsWith('.d.ts')) continue;
    const text = await readFile(join(root, file), 'utf8');
    const { outputText, sourceMapText } = ts.transpileModule(text, {
      // One file alone has no package.json to tell that it is a module.
      compilerOptions: { ...options, module: ts.ModuleKind.ESNext },
      fileName: join(root, file),
    });
    const out = join(target, file.replace(/\.ts$/, '.js'));
    await mkdir(dirname(out), { recursive: true });
    await writeFile(out, outputText);
    if (sourceMapText !== undefined) await writeFile(`${out}.map`, sourceMapText);
  }
}

/** Beside each script and style what a browser takes in its place: once, and not by the server each time somebody asks. */
async function compress(folder) {
  for (const name of await readdir(folder)) {
    if (!/\.(js|css)$/.test(name)) continue;
    const file = join(folder, name);
    const text = await readFile(file);
    await writeFile(`${file}.gz`, gzipSync(text, { level: 9 }));
    await writeFile(
      `${file}.br`,
      brotliCompressSync(text, { params: { [zlibConstants.BROTLI_PARAM_QUALITY]: 9 } }),
    );
  }
}

/** Holds `dist.lock` while `work` runs; takes over the lock of a process that is gone. */
async function withLock(work) {
  for (;;) {
    try {
      await mkdir(lock);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const holder = Number(await readFile(join(lock, 'pid'), 'utf8').catch(() => '0'));
      const abandoned = holder === 0 && (await ageMs(lock)) > 10_000;
      if (abandoned || (holder > 0 && !isAlive(holder))) await rm(lock, { recursive: true, force: true });
      else await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  try {
    await writeFile(join(lock, 'pid'), String(process.pid));
    await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

async function ageMs(path) {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? 0 : Date.now() - found.mtimeMs;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildOnce();
