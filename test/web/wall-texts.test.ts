import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { textsOf } from './texts.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const web = path.join(root, 'web');
/** What `web/i18n/texts.ts` takes of the texts: read, not imported, since only the page's bundler imports a part of a JSON file. */
function wallGroups(): string[] {
  const text = readFileSync(path.join(web, 'i18n/texts.ts'), 'utf8');
  const [, exported = ''] = /export const wallTexts = \{([^}]*)\}/.exec(text) ?? [];
  return [...exported.matchAll(/\w+/g)].map(([group]) => group);
}

const importing = /^(?:import|export)\s(?!type\b)[^;]*?from\s+'(\.[^']+\.tsx?)'/gm;

/** Sources that the first script holds: what `main.tsx` imports, and what that imports, but for types and `import()`. */
function firstSources(
  file = path.join(web, 'main.tsx'),
  found = new Map<string, string>(),
): Map<string, string> {
  if (found.has(file)) return found;
  const text = readFileSync(file, 'utf8');
  found.set(file, text);
  for (const [, imported = ''] of text.matchAll(importing))
    firstSources(path.resolve(path.dirname(file), imported), found);
  return found;
}

test('the first script holds every group of texts that it asks for, and no other', () => {
  const groups = Object.keys(textsOf('id'));
  const sources = [...firstSources()].filter(
    ([file]) => /^(web|domain)\//.test(path.relative(root, file)) && !file.endsWith('i18n/texts.ts'),
  );
  const text = sources.map(([, source]) => source).join('\n');
  const asked = groups.filter((group) => new RegExp(`['\`]${group}\\.[\\w$]`).test(text));
  expect(asked.length).toBeGreaterThan(20);
  expect(wallGroups().sort()).toEqual(asked.sort());
});
