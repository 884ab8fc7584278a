import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { textsOf } from './texts.ts';
import { partStem } from '../../config/schema/part-names.ts';
import { partTexts } from '../../config/schema/part-texts.ts';
import { libraryProfiles, pointsOfProfile } from '../support/profile-points.ts';
import { shippedModel } from '../server/support/server.ts';
import { deviceKinds } from '../../config/schema/common.ts';
import { drillNames, healthPart } from '../../server/contracts/system.ts';
import { timelineEntry } from '../../server/contracts/incidents.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const indonesian = textsOf('id');
const english = textsOf('en');
const keysOf = (tree: ReturnType<typeof textsOf>): string[] =>
  Object.entries(tree).flatMap(([group, rows]) => Object.keys(rows).map((key) => `${group}.${key}`));

/** Quantities of docs/points.md: what stands in backticks in the table's second column and in the last paragraph. */
function documentedQuantities(): string[] {
  const text = readFileSync(path.join(root, 'docs/points.md'), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('|')).map((line) => line.split('|')[2] ?? ''); // prettier-ignore
  const derived = text.slice(text.indexOf('Derived:'));
  const names = [...rows, derived].flatMap((part) =>
    [...part.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''),
  );
  const expanded = names.flatMap((name) => {
    const braces = /^(.*)\{(.*)\}$/.exec(name);
    return braces === null ? [name] : (braces[2] ?? '').split(',').map((end) => `${braces[1] ?? ''}${end}`);
  });
  const states = new Set(['disconnected', 'invalid']);
  return expanded.filter((name) => !states.has(name));
}

describe('texts', () => {
  it('have the same keys in both languages', () => {
    expect(keysOf(english).sort()).toEqual(keysOf(indonesian).sort());
  });
  it('use the same variables in both languages', () => {
    const variables = (text: string): string[] =>
      [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort();
    for (const [group, rows] of Object.entries(indonesian))
      for (const [key, text] of Object.entries(rows))
        expect(variables(english[group]?.[key] ?? ''), `${group}.${key}`).toEqual(variables(text));
  });
  it('name every quantity of docs/points.md', () => {
    const quantities = documentedQuantities();
    expect(quantities.length).toBeGreaterThan(60);
    expect(quantities.filter((name) => indonesian['quantity']?.[name] === undefined)).toEqual([]);
  });
  it('name every quantity, state and part that any profile of the library or the shipped estate reads', () => {
    const points = [...shippedModel().points, ...libraryProfiles().flatMap(pointsOfProfile)];
    const names = (group: string, ids: Iterable<string>): string[] =>
      [...new Set(ids)].filter((name) => indonesian[group]?.[name] === undefined);
    const quantities = points.map(({ quantity }) => quantity);
    const states = points.flatMap(({ states }) => [...(states?.values() ?? [])]);
    expect(names('quantity', quantities)).toEqual([]);
    expect(names('state', states)).toEqual([]);
    // What is a word is in two languages; phases, feeds and racks are codes.
    const words = points.flatMap(({ part }) =>
      part !== undefined && /[a-z]{3}/.test(part) ? [partStem(part)] : [],
    );
    expect([...new Set(words)].filter((stem) => !(stem in partTexts))).toEqual([]);
  });
  it('name every part of the server that its health tells of', () => {
    expect(healthPart.options.filter((part) => indonesian['part']?.[part] === undefined)).toEqual([]);
  });
  it('name every kind of device, drill and kind of event', () => {
    expect(deviceKinds.filter((kind) => indonesian['kind']?.[kind] === undefined)).toEqual([]);
    expect(drillNames.filter((name) => indonesian['drill']?.[name] === undefined)).toEqual([]);
    expect(drillNames.filter((name) => indonesian['drillHappens']?.[name] === undefined)).toEqual([]);
    expect(
      timelineEntry.shape.kind.options.filter((kind) => indonesian['timeline']?.[kind] === undefined),
    ).toEqual([]);
  });
  it('exist for every key that a page asks for by name', () => {
    const files = readdirSync(path.join(root, 'web'), { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.tsx'),
    );
    const asked = files.flatMap((file) =>
      [...readFileSync(path.join(root, 'web', file), 'utf8').matchAll(/\bt\(\s*'([\w.-]+)'/g)].map(
        (match) => match[1] ?? '',
      ),
    );
    const known = new Set(keysOf(indonesian).flatMap((key) => [key, key.replace(/_(one|other)$/, '')]));
    expect(asked.length).toBeGreaterThan(100);
    expect(asked.filter((key) => !known.has(key))).toEqual([]);
  });
  it('are all asked for: none is left over', () => {
    const sources = ['web', 'domain'].flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.tsx?$/.test(file))
        .map((file) => readFileSync(path.join(root, folder, file), 'utf8')),
    );
    const text = sources.join('\n');
    // Keys of these groups are put together from names of the model: `quantity.${name}`.
    const composed = [
      ...new Set([...text.matchAll(/`([\w.]+)\.\$\{/g)].map((match) => `${match[1] ?? ''}.`)),
    ];
    const unused = keysOf(indonesian).filter(
      (key) =>
        !composed.some((start) => key.startsWith(start)) &&
        !text.includes(`'${key.replace(/_(one|other)$/, '')}'`),
    );
    expect(unused).toEqual([]);
  });
});
