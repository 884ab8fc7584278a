import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { fileURLToPath } from 'node:url';
import type { Model } from '../config/model.ts';
import { loadFolder, shippedLibrary } from '../config/read/files.ts';
import { profileSchema } from '../config/schema/profile.ts';
import { coverageDoc } from './coverage-doc.ts';
import { boards } from '../grafana/boards.ts';
import { openApi } from './openapi.ts';
import { formatProblem, loadConfig } from '../config/load.ts';
import { rulesDoc } from './rules-doc.ts';
import { topologyDoc } from './topology-doc.ts';
import { jsonSchemas } from '../config/schema/json-schema.ts';

/** Writes every file that is generated from the sources; with `--check` only says which of them differ, and exits 1. */

interface Generated {
  /** Below the repository's root. */
  readonly file: string;
  readonly content: string;
}

const generated: readonly Generated[] = [
  ...[...jsonSchemas()].map(([name, schema]) => ({
    file: `config/schema/generated/${name}`,
    content: json(schema),
  })),
  ...Object.entries(boards).map(([name, board]) => ({
    file: `grafana/generated/${name}.json`,
    content: json(board),
  })),
  { file: 'docs/openapi.json', content: json(await openApi()) },
  { file: 'docs/topology.md', content: await formatted(topologyDoc(shippedModel())) },
  { file: 'docs/alarm-rules.md', content: await formatted(rulesDoc(shippedModel())) },
  {
    file: 'docs/coverage.md',
    content: await formatted(coverageDoc(shippedProfiles(), shippedModel().rules)),
  },
];

function shippedModel(): Model {
  const loaded = loadConfig(fileURLToPath(new URL('../config', import.meta.url)));
  if (!loaded.ok) throw new Error(loaded.problems.map(formatProblem).join('\n'));
  return loaded.model;
}

function shippedProfiles() {
  return loadFolder(path.join(shippedLibrary(), 'profiles'), profileSchema).flatMap(({ name, value }) =>
    value === undefined ? [] : [{ ...value, name }],
  );
}

/** As `npm run format` would leave it. */
async function formatted(markdown: string): Promise<string> {
  const options = await resolveConfig(fileURLToPath(import.meta.url));
  return format(markdown, { ...options, parser: 'markdown' });
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

const root = fileURLToPath(new URL('..', import.meta.url));
const stale = generated.filter(({ file, content }) => read(path.join(root, file)) !== content);
if (process.argv.includes('--check')) {
  for (const { file } of stale)
    process.stderr.write(`${file} is not what the sources say: npm run generate\n`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const { file, content } of stale) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), content);
    process.stdout.write(`${file}\n`);
  }
}
