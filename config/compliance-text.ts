import type { ComplianceCatalogue } from './schema/compliance.ts';
import type { Label } from './schema/common.ts';
import type { SiteStandard, Standard } from './schema/standard.ts';

const placeholder = /\{([A-Za-z][\w.-]*)\}/g;

/** What a site's row of the standard and the catalogue's facts say of it. */
export interface RuleSources {
  readonly standard: SiteStandard;
  readonly facts: Readonly<Record<string, Label>>;
}

/** By the name under which the standard knows the site. */
export function sourcesOf(catalogue: ComplianceCatalogue, standard: Standard, row: SiteStandard): RuleSources {
  const name = Object.entries(standard.sites).find(([, each]) => each.clause === row.clause)?.[0];
  return { standard: row, facts: name === undefined ? {} : (catalogue.facts[name] ?? {}) };
} // prettier-ignore

/** The rule as people read it, for one site. A placeholder that means nothing stays as it is: the configuration's check reports it. */
export function ruleText(rule: Label, sources: RuleSources): Label {
  const fill = (language: 'id' | 'en'): string =>
    rule[language].replaceAll(
      placeholder,
      (whole, path: string) => valueAt(path, sources, language) ?? whole,
    );
  return { id: fill('id'), en: fill('en') };
}

/** Placeholders that mean nothing for this site. */
export function unknownPlaceholders(text: string, sources: RuleSources): string[] {
  return [...text.matchAll(placeholder)]
    .map(([, path = '']) => path)
    .filter((path) => valueAt(path, sources, 'id') === undefined);
}

function valueAt(path: string, { standard, facts }: RuleSources, language: 'id' | 'en'): string | undefined {
  const [first = '', ...rest] = path.split('.');
  if (first === 'facts') return facts[rest.join('.')]?.[language];
  let value: unknown = standard;
  for (const key of [first, ...rest]) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.entries(value).find(([name]) => name === key)?.[1];
  }
  return typeof value === 'number' || typeof value === 'string' ? String(value) : undefined;
}
