import type { Model } from '../config/model.ts';
import type { LimitEntry, RuleEntry } from '../config/schema/rule.ts';
import { bindRules, type BoundAlarm } from '../config/alarms/bind.ts';

/** The master list of alarms of docs/alarm-rules.md, from the configuration as it is shipped: what an operator may be told, and why. */
export function rulesDoc(model: Model): string {
  const { alarms } = bindRules(model);
  const disciplines = [...new Set(model.rules.map(({ discipline }) => discipline))];
  const sections = disciplines.map((discipline) => {
    const rules = model.rules.filter((rule) => rule.discipline === discipline);
    return `## ${capital(discipline)}\n\n${rules.map((rule) => entry(rule, { model, alarms })).join('\n')}`;
  });
  return `${intro(model, alarms)}\n${sections.join('\n')}`;
}

function intro(model: Model, alarms: readonly BoundAlarm[]): string {
  return `# Rules as shipped

Generated from \`config/library/rules/\` (\`npm run generate\`): ${model.rules.length} rules, which judge ${alarms.length} alarms at ${model.sites.length} sites. Why these limits and delays, and
what the fields mean: [alarm philosophy](alarm-philosophy.md). A limit that differs by site is given for each.
`;
}

interface Shipped {
  readonly model: Model;
  readonly alarms: readonly BoundAlarm[];
}

function entry(rule: RuleEntry, { model, alarms }: Shipped): string {
  const own = alarms.filter((alarm) => alarm.rule === rule);
  const counts = model.sites.map(({ id }) => `${id} ${own.filter(({ point }) => point.site === id).length}`);
  const sources = [...new Set(own.map(({ clause }) => clause.replaceAll(/BAB IV\.\d/g, 'BAB IV.n')))];
  const timing = [
    `raised after ${duration(rule.onDelay)}`,
    rule.latched ? 'latched until it is reset' : `returns after ${duration(rule.offDelay)}`,
    ...(rule.deadband > 0 ? [`deadband ${rule.deadband}`] : []),
  ];
  const urgency = `${rule.urgency}${rule.lifeSafety ? ', life safety' : ''}`;
  return `### ${rule.name.en}

\`${rule.rule}\` · ${rule.name.id} · alarms: ${counts.join(', ')}

- When: ${condition(rule, own)}; ${timing.join('; ')}
- Source: ${sources.join(' · ')}
- Urgency ${urgency}; act within ${duration(rule.respondWithin ?? 0)}
- What follows: ${rule.consequence?.en ?? ''}
- First: ${rule.firstAction?.en ?? ''}
`;
}

function condition({ when, points }: RuleEntry, alarms: readonly BoundAlarm[]): string {
  const what = points.quantity.map((quantity) => `\`${quantity}\``).join(', ');
  if ('states' in when) return `${what} is ${when.states.join(' or ')}`;
  if ('stale' in when) return `${what} has no usable value for ${duration(when.stale)}`;
  if ('deviates' in when) {
    const other = when.from.quantity.map((quantity) => `\`${quantity}\``).join(' or ');
    return `${what} is further from ${other} than ${limitText(when.deviates, alarms)}`;
  }
  const [side, entry] = 'above' in when ? (['above', when.above] as const) : (['below', when.below] as const);
  return `${what} ${side} ${limitText(entry, alarms)}`;
}

/** The numbers it comes to; a rule that names where they stand says that too. */
function limitText(limit: LimitEntry, alarms: readonly BoundAlarm[]): string {
  const values = [
    ...new Set(
      alarms.flatMap(({ test, point }) =>
        'limit' in test ? [`${round(test.limit)} ${point.unit}`.replace(/ count$/, '')] : [],
      ),
    ),
  ];
  const text = values.join(', ');
  if ('value' in limit) return text;
  if ('standard' in limit) return `the catalogue's ${limit.standard} (${text})`;
  return 'maker' in limit
    ? `the maker's ${limit.maker} of the device (${text})`
    : `the device's ${limit.rating} (${text})`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const units = [
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
] as const;

function duration(ms: number): string {
  const [size, unit] = units.find(([each]) => ms >= each && ms % each === 0) ?? [1_000, 's'];
  return `${ms / size} ${unit}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
