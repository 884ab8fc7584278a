import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const root = fileURLToPath(new URL('../..', import.meta.url));
const documents = ['README.md', ...markdownIn('docs'), ...markdownIn('docs/decisions')];
const folders = 'bench|bin|cli|collectors|config|core|docs|domain|scripts|server|simulator|test|web'.split(
  '|',
);
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')));

function markdownIn(folder: string): string[] {
  return readdirSync(path.join(root, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `${folder}/${file}`);
}

/** `a/{b,c}/` is two paths; a path with a placeholder or wildcard is checked down to the folder before it. */
function expand(name: string): string[] {
  const braces = /^(.*?)\{([^}]*)\}(.*)$/.exec(name);
  if (braces !== null)
    return (braces[2] ?? '')
      .split(',')
      .flatMap((part) => expand(`${braces[1] ?? ''}${part}${braces[3] ?? ''}`));
  const open = name.search(/[<*]/);
  return [open === -1 ? name : name.slice(0, name.lastIndexOf('/', open) + 1)];
}

/** Paths in backticks that begin with one of the repository's folders. */
function namedPaths(text: string): string[] {
  return [...text.matchAll(/`([a-z]+\/[^`\s]*)`/g)]
    .map((match) => match[1] ?? '')
    .filter((name) => folders.includes(name.split('/')[0] ?? ''))
    .flatMap(expand);
}

/** Targets of links within the repository. */
function linkedPaths(text: string): string[] {
  return [...text.matchAll(/\]\((?!https?:)([^)#\s]+)/g)].map((match) => match[1] ?? '');
}

describe.each(documents)('%s', (document) => {
  const text = readFileSync(path.join(root, document), 'utf8');

  it('names only files and folders that exist', () => {
    expect(namedPaths(text).filter((name) => !existsSync(path.join(root, name)))).toEqual([]);
  });
  it('links only to files that exist', () => {
    const folder = path.dirname(path.join(root, document));
    expect(linkedPaths(text).filter((target) => !existsSync(path.join(folder, target)))).toEqual([]);
  });
  it('names only npm scripts that exist', () => {
    const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1] ?? '');
    expect(named.filter((name) => scripts[name] === undefined)).toEqual([]);
  });
});
