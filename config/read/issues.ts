import { nearestName } from '../../core/names.ts';
import { z } from 'zod';
import { oneOf, quote, type ConfigProblem } from '../problem.ts';
import { defined } from '../../core/defined.ts';
import { property, type Path, type Source } from './source.ts';

type Issue = z.core.$ZodIssue;

/** Zod's issues with a file, as problems with a line, a path and the nearest valid name. */
export function problemsOf(source: Source, schema: z.ZodType, error: z.ZodError): ConfigProblem[] {
  const found = flatten(error.issues, []);
  return found
    .filter((each) => !(isMissing(source, each) && found.some((other) => isMisspelt(schema, each, other))))
    .flatMap(({ issue, path }) => problems(source, schema, issue, path));
}

interface Located {
  readonly issue: Issue;
  readonly path: Path;
}

function isMissing(source: Source, { path }: Located): boolean {
  return path.reduce<unknown>(property, source.data) === undefined;
}

/** A key is only missing because the other issue's unknown key was meant to be it: reported once. */
function isMisspelt(schema: z.ZodType, missing: Located, other: Located): boolean {
  if (other.issue.code !== 'unrecognized_keys') return false;
  const parent = missing.path.slice(0, -1);
  if (parent.length !== other.path.length || parent.some((step, index) => step !== other.path[index]))
    return false;
  const choice = schemasAt(schema, parent).length > 1;
  return other.issue.keys.some((key) => {
    const nearest = nearestKey(schema, parent, key);
    return nearest === missing.path.at(-1) || (nearest === undefined && choice);
  });
}

/** The key that an unknown key at a path was most likely meant to be. */
export function nearestKey(schema: z.ZodType, path: Path, key: string): string | undefined {
  return nearestName(key, keysAt(schema, path));
}

/** Issues with their full path; of a union, those of the alternative that was most likely meant. */
export function flatten(issues: readonly Issue[], base: Path): Located[] {
  return issues.flatMap((issue) => {
    const path = [...base, ...issue.path.filter((step) => typeof step !== 'symbol')];
    if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [{ issue, path }];
    const alternatives = issue.errors.map((errors) => flatten(errors, path));
    if (
      alternatives.every((found) =>
        found.every((each) => each.path.length === path.length && each.issue.code === 'invalid_type'),
      )
    )
      return [{ issue, path }];
    return alternatives.reduce((best, next) => (severity(next, path) < severity(best, path) ? next : best));
  });
}

/** An alternative whose very type is wrong was not meant; else the one with the fewest mistakes was. */
function severity(found: readonly Located[], base: Path): number {
  const wrongType = found.some(
    ({ issue, path }) => issue.code === 'invalid_type' && path.length === base.length,
  );
  return found.length + (wrongType ? 1_000 : 0);
}

function problems(source: Source, schema: z.ZodType, issue: Issue, path: Path): ConfigProblem[] {
  const at = (
    where: Path,
    rest: Pick<ConfigProblem, 'found' | 'expected'> & { nearest?: string | undefined },
  ): ConfigProblem =>
    defined({ file: source.file, line: source.line(where), path: source.describe(where), ...rest });
  const value = path.reduce<unknown>(property, source.data);
  const found = value === undefined ? 'is missing' : `${quote(value)} is not valid`;
  switch (issue.code) {
    case 'unrecognized_keys': {
      const valid = keysAt(schema, path);
      return issue.keys.map((key) =>
        at([...path, key], {
          found: `${quote(key)} is an unknown key`,
          expected: valid.length === 0 ? 'no such key' : `one of ${valid.join(', ')}`,
          nearest: nearestName(key, valid),
        }),
      );
    }
    case 'invalid_value':
      return [at(path, { found, expected: oneOf(issue.values), nearest: nearestText(value, issue.values) })];
    case 'invalid_type':
      return [
        at(path, {
          found: value === undefined ? found : `is ${quote(value)}`,
          expected: article(issue.expected),
        }),
      ];
    case 'invalid_format':
      return [at(path, { found, expected: formatOf(issue) })];
    case 'invalid_key':
      return [
        at(path, {
          found: `${quote(String(path.at(-1)))} is not a valid key`,
          expected: issue.issues[0]?.message ?? 'another key',
        }),
      ];
    case 'invalid_union':
      return [at(path, unionProblem(schema, issue, path, value))];
    case 'too_small':
      return [
        at(path, {
          found,
          expected: leastOf(issue),
        }),
      ];
    case 'too_big':
      return [
        at(path, {
          found,
          expected: `at most ${issue.maximum}${issue.origin === 'array' ? ' entries' : ''}`,
        }),
      ];
    default:
      return [at(path, { found, expected: issue.message })];
  }
}

function leastOf({ minimum, origin, inclusive }: z.core.$ZodIssueTooSmall): string {
  if (origin === 'string' && minimum === 1) return 'text that is not empty';
  if (origin === 'array') return minimum === 1 ? 'at least 1 entry' : `at least ${minimum} entries`;
  return inclusive === false ? `more than ${minimum}` : `at least ${minimum}`;
}

function unionProblem(schema: z.ZodType, issue: z.core.$ZodIssueInvalidUnion, path: Path, value: unknown) {
  const found = value === undefined ? 'is missing' : `${quote(value)} is not valid`;
  if (issue.errors.length === 0) {
    const valid = schemasAt(schema, path).flatMap((each) =>
      each instanceof z.ZodLiteral ? [...each.values] : [],
    );
    return { found, expected: oneOf(valid), nearest: nearestText(value, valid) };
  }
  const types = issue.errors
    .flat()
    .map((each) => (each.code === 'invalid_type' ? article(each.expected) : each.message));
  return {
    found: value === undefined ? found : `is ${quote(value)}`,
    expected: [...new Set(types)].join(' or '),
  };
}

function nearestText(value: unknown, valid: readonly unknown[]): string | undefined {
  return typeof value === 'string' ? nearestName(value, valid.map(String)) : undefined;
}

/** zod's own words for its own formats, ours (the message of a schema) for patterns. */
function formatOf(issue: z.core.$ZodIssueInvalidStringFormat): string {
  if (issue.format !== 'regex') return `a valid ${issue.format}`;
  const own = issue.message.startsWith('Invalid string');
  return own ? `text like ${issue.pattern ?? 'the pattern'}` : issue.message;
}

const articles: Readonly<Record<string, string>> = {
  string: 'text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list', object: 'a map', record: 'a map', tuple: 'a pair',
}; // prettier-ignore
function article(type: string): string {
  return articles[type] ?? type;
}

/** The keys that the schema knows at a path, over all alternatives. */
function keysAt(schema: z.ZodType, path: Path): string[] {
  const keys = schemasAt(schema, path).flatMap((each) => {
    if (each instanceof z.ZodObject) return Object.keys(each.shape);
    return each instanceof z.ZodRecord && each.keyType instanceof z.ZodEnum
      ? each.keyType.options.map(String)
      : [];
  });
  return [...new Set(keys)];
}

function schemasAt(schema: unknown, path: Path): unknown[] {
  const here = alternatives(schema);
  const [step, ...rest] = path;
  if (step === undefined) return here;
  return here.flatMap((each) => {
    if (each instanceof z.ZodObject) return schemasAt(property(each.shape, step), rest);
    if (each instanceof z.ZodArray) return schemasAt(each.element, rest);
    if (each instanceof z.ZodRecord) return schemasAt(each.valueType, rest);
    return [];
  });
}

function alternatives(schema: unknown): unknown[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return alternatives(schema.unwrap());
  if (schema instanceof z.ZodPipe) return alternatives(schema.in);
  return schema instanceof z.ZodUnion ? schema.options.flatMap(alternatives) : [schema];
}
