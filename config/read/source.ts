import { LineCounter, isAlias, isMap, isPair, isScalar, isSeq, parseDocument, type Document } from 'yaml';
import type { ConfigProblem } from '../problem.ts';

export type Path = readonly (string | number)[];

/** A profile of a whole MIB names the same cells hundreds of times; aliases of aliases that explode are still refused. */
const maxAliasCount = 10_000;

/** A YAML file that gives the line of a path, and the path in readable form. */
export interface Source {
  readonly file: string;
  readonly data: unknown;
  /** 1-based line of the deepest part of the path that exists. */
  line(path: Path): number;
  /** `devices.pac-03.profile`: entries of lists by their name. */
  describe(path: Path): string;
}

/** Parses text; what YAML itself finds wrong comes as problems. `source` is absent when nothing can be read from it. */
export function parseSource(file: string, text: string): { source?: Source; problems: ConfigProblem[] } {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, merge: true, prettyErrors: false, logLevel: 'error' });
  // What is wrong after the first break of syntax is wrong because of it.
  const broken = document.errors.findIndex((error) => error.code !== 'DUPLICATE_KEY');
  const reported = broken < 0 ? document.errors : document.errors.slice(0, broken + 1);
  const problems = reported.map((error) => ({
    file,
    line: lineCounter.linePos(error.pos[0]).line,
    path: '',
    found:
      error.code === 'DUPLICATE_KEY'
        ? 'a key stands twice in one map'
        : `not YAML: ${firstLine(error.message)}`,
    expected:
      error.code === 'DUPLICATE_KEY'
        ? 'every key once'
        : 'well-formed YAML; a text that holds { } [ ] , # or ": " stands in quotes',
  }));
  if (broken >= 0) return { problems };
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount });
  } catch (error) {
    // An alias without anchor, a merge of something that is no map, aliases that explode.
    const found = `not YAML: ${error instanceof Error ? firstLine(error.message) : 'cannot be resolved'}`;
    return {
      problems: [
        ...problems,
        { file, line: 1, path: '', found, expected: 'aliases and merges that resolve' },
      ],
    };
  }
  const source = {
    file,
    data,
    line: (path: Path) => lineCounter.linePos(offsetOf(document, path)).line,
    describe: (path: Path) => describePath(data, path),
  };
  return { source, problems };
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? text;
}

function offsetOf(document: Document, path: Path): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const step of path) {
    const found = child(document, node, step);
    if (found === undefined) break;
    offset = found.offset;
    node = found.node;
  }
  return offset;
}

function child(
  document: Document,
  parent: unknown,
  step: string | number,
): { node: unknown; offset: number } | undefined {
  const node = isAlias(parent) ? parent.resolve(document) : parent;
  if (isSeq(node)) {
    const item = typeof step === 'number' ? node.items[step] : undefined;
    const offset = startOf(item);
    return offset === undefined ? undefined : { node: item, offset };
  }
  if (!isMap(node)) return undefined;
  for (const pair of node.items) {
    if (!isPair(pair) || !isScalar(pair.key)) continue;
    const offset = startOf(pair.key);
    if (String(pair.key.value) === String(step) && offset !== undefined) return { node: pair.value, offset };
  }
  const merged = node.items.find(({ key }) => isScalar(key) && isMerge(key.value));
  return merged === undefined ? undefined : child(document, merged.value, step);
}

/** The library reads the key `<<` as a symbol of that name. */
function isMerge(key: unknown): boolean {
  return typeof key === 'symbol' && key.description === '<<';
}

function startOf(node: unknown): number | undefined {
  return isAlias(node) || isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[0] : undefined;
}

/** Keys that hold the name of a list's entry, the most telling first. */
const nameKeys = ['device', 'room', 'rule', 'service', 'input', 'group', 'quantity', 'number'];

function describePath(data: unknown, path: Path): string {
  const words: string[] = [];
  let value = data;
  for (const step of path) {
    value = property(value, step);
    words.push(typeof step === 'number' ? entryName(value, step) : step);
  }
  return words.join('.');
}

function entryName(entry: unknown, index: number): string {
  const rows = property(entry, 'rows');
  if (Array.isArray(rows) && rows.length > 0)
    return rows.length === 1 ? String(rows[0]) : `${rows[0]}-${rows.at(-1)}`;
  for (const key of nameKeys) {
    const name = property(entry, key);
    if (typeof name === 'string' || typeof name === 'number') return String(name);
  }
  return String(index);
}

/** The value at a key of anything; undefined where there is none. */
export function property(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  const found: unknown = Reflect.get(value, key);
  return found;
}
