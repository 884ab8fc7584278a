import { readFileSync } from 'node:fs';
import { z } from 'zod';

const texts = z.object({
  quantity: z.record(z.string(), z.string()),
  state: z.record(z.string(), z.string()),
});
const { quantity: quantities, state: words } = texts.parse(
  JSON.parse(readFileSync(new URL('../web/i18n/id.json', import.meta.url), 'utf8')),
);

/** A quantity as the pages call it. */
export function quantity(name: string): string {
  const text = quantities[name];
  if (text === undefined) throw new Error(`web/i18n/id.json has no quantity "${name}"`);
  return text;
}

/** Names of states → words of the pages. */
export function stateWords(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => {
      const text = words[name];
      if (text === undefined) throw new Error(`web/i18n/id.json has no state "${name}"`);
      return [name, text];
    }),
  );
}
