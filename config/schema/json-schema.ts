import { z } from 'zod';
import { alarmAimsSchema } from './alarm-aims.ts';
import { calendarSchema } from './calendar.ts';
import { complianceSchema } from './compliance.ts';
import { loadTestProfileSchema } from './loadtest.ts';
import { peopleSchema } from './people.ts';
import { profileSchema } from './profile.ts';
import { rootSchema } from './root.ts';
import { ruleFileSchema } from './rule.ts';
import { siteSchema } from './site.ts';
import { standardSchema } from './standard.ts';
import { statutorySchema } from './statutory.ts';

/** File name → JSON Schema of such a YAML file, for editors that check while typing. */
export function jsonSchemas(): ReadonlyMap<string, object> {
  const schemas = {
    pantau: rootSchema,
    site: siteSchema,
    profile: profileSchema,
    rules: ruleFileSchema,
    standard: standardSchema,
    calendar: calendarSchema,
    'alarm-aims': alarmAimsSchema,
    compliance: complianceSchema,
    loadtest: loadTestProfileSchema,
    people: peopleSchema,
    statutory: statutorySchema,
  };
  return new Map(
    Object.entries(schemas).map(([name, schema]) => [
      `${name}.schema.json`,
      z.toJSONSchema(schema, { io: 'input', target: 'draft-7' }),
    ]),
  );
}
