import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { jsonSchemas } from '../../config/schema/json-schema.ts';

test.each([...jsonSchemas()])('%s for editors is what the schema says', (name, schema) => {
  const committed: unknown = JSON.parse(
    readFileSync(new URL(`../../config/schema/generated/${name}`, import.meta.url), 'utf8'),
  );
  expect(committed).toEqual(JSON.parse(JSON.stringify(schema)));
});
