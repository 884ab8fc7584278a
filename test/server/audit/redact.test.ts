import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { redacted } from '../../../server/audit/redact.ts';

const node = z.looseObject({
  $ref: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
});
const document = z
  .object({
    paths: z.record(z.string(), z.record(z.string(), z.looseObject({ requestBody: z.unknown().optional() }))),
    components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
  })
  .parse(JSON.parse(readFileSync(new URL('../../../docs/openapi.json', import.meta.url), 'utf8')));

/** The names of all fields that requests may have. */
function namesIn(value: unknown, names: Set<string>, within: ReadonlySet<string> = new Set()): void {
  if (Array.isArray(value)) for (const each of value) namesIn(each, names, within);
  else if (typeof value === 'object' && value !== null) {
    const { $ref, properties = {} } = node.parse(value);
    for (const name of Object.keys(properties)) names.add(name);
    if ($ref !== undefined && !within.has($ref))
      namesIn(document.components.schemas[$ref.split('/').at(-1) ?? ''], names, new Set([...within, $ref]));
    for (const each of Object.values(value)) namesIn(each, names, within);
  }
}

/** What a name says when a secret, a file or something about a person is behind it. */
const telling = /pass|secret|token|^pin$|^nik$|identity|mail|phone|card|^pic|persons|^text$|^data$/i;
/** Not so: it only sounds like it. */
const harmless = new Set(['timeouts', 'roundTripMs', 'acceptHole']);

test('no field of a request that holds a secret, a file or something about a person is kept as it came', () => {
  const names = new Set<string>();
  for (const methods of Object.values(document.paths))
    for (const { requestBody } of Object.values(methods)) namesIn(requestBody, names);
  const suspects = [...names].filter((name) => telling.test(name) && !harmless.has(name));
  expect(suspects).toEqual(expect.arrayContaining(['password', 'passphrase', 'nik', 'picEmail', 'identity', 'cards', 'text'])); // prettier-ignore
  const told = suspects.filter((name) => {
    const value = name.endsWith('s') ? ['3174051506870001'] : '3174051506870001';
    return JSON.stringify(redacted({ [name]: value })).includes('3174051506870001');
  });
  expect(told).toEqual([]);
});
