import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDocument, stringify } from 'yaml';
import { formatProblem, loadConfig } from '../../config/load.ts';
import { alone, configWith } from './support.ts';

const files = [
  'pantau.yaml', 'sites/alpha.yaml', 'rules/all.yaml', 'standards/test.yaml', 'calendar/2026.yaml',
  'profiles/ups/phases.yaml', 'profiles/meter/gateway.yaml', 'profiles/generic/io.yaml', 'profiles/meter/modbus.yaml',
]; // prettier-ignore

const anyText = fc.oneof(
  fc.constantFrom('', 'null', '~', '*x', '&x', '<<: *x', '<<: 1', '{', '[', '- -', '? ', '!!binary x', '!tag', '"', '\t', '__proto__: 1', 'constructor', '{row}', '{}', '10.0.0.1', '%YAML 9.9', '---', '...'),
  fc.string({ maxLength: 12, unit: 'binary' }),
); // prettier-ignore
const anyValue = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom('', '{rack}', '-1', '1e400', '__proto__', 'rack-a01', 'site', 'm'.repeat(2_000)),
);

/** One file is damaged: a stretch of its text, or one value anywhere in its tree. */
const damage = fc.record({
  file: fc.constantFrom(...files),
  how: fc.oneof(
    fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat(40), text: anyText }),
    fc.record({ steps: fc.array(fc.nat(20), { minLength: 1, maxLength: 8 }), value: anyValue }),
  ),
});

function damaged(
  text: string,
  how: typeof damage extends fc.Arbitrary<{ how: infer How }> ? How : never,
): string {
  if ('at' in how) {
    const at = Math.floor(how.at * text.length);
    return text.slice(0, at) + how.text + text.slice(at + how.cut);
  }
  const tree: unknown = parseDocument(text).toJS();
  return stringify(replaced(tree, how.steps, how.value));
}

function replaced(tree: unknown, steps: readonly number[], value: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined || typeof tree !== 'object' || tree === null) return value;
  const entries = Object.entries(tree);
  const place = step % Math.max(entries.length, 1);
  const changed = entries.map(
    ([key, item], index) => [key, index === place ? replaced(item, rest, value) : item] as const,
  );
  return Array.isArray(tree) ? changed.map(([, item]) => item) : Object.fromEntries(changed);
}

test('whatever the files say, loading ends with a model or with problems that stand somewhere', () => {
  const dir = configWith({});
  const original = new Map(files.map((file) => [file, readFileSync(path.join(dir, file), 'utf8')]));
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (damages) => {
      for (const [file, text] of original) writeFileSync(path.join(dir, file), text);
      for (const { file, how } of damages)
        writeFileSync(path.join(dir, file), damaged(original.get(file) ?? '', how));
      const result = loadConfig(dir, { ...alone, env: {}, now: 0 });
      if (result.ok) return;
      expect(result.problems.length).toBeGreaterThan(0);
      for (const problem of result.problems)
        expect(formatProblem(problem)).toMatch(/yaml(:\d+)?( .*)?: .+; expected .+/s);
    }),
    { numRuns: 100 },
  );
}, 60_000);
