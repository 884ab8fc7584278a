import { coverage, type Coverage } from '../config/alarms/coverage.ts';
import type { DeviceKind } from '../config/schema/common.ts';
import { deviceKinds } from '../config/schema/common.ts';
import type { Profile } from '../config/schema/profile.ts';
import type { RuleEntry } from '../config/schema/rule.ts';

/** docs/coverage.md: of each kind of device, which shipped rule judges what each shipped profile reads, and why one cannot. */
export function coverageDoc(profiles: readonly Profile[], rules: readonly RuleEntry[]): string {
  const all = coverage(profiles, rules);
  const sections = deviceKinds.flatMap((kind) => {
    const own = all.filter((each) => each.kind === kind);
    return own.length === 0 ? [] : [section(kind, own, rules)];
  });
  return `# What each profile lets the rules judge

Generated from \`config/library/\` (\`npm run generate\`). ● the rule judges a value of this profile (where the device stands in a place the rule
names, and its entry has the limit that the rule needs); – the device cannot tell, for the reason below the table; blank: the rule names no kind
of device and this one does not measure it. \`pantau check-config\` says the same of the devices of an installation.

${sections.join('\n')}`;
}

function section(kind: DeviceKind, own: readonly Coverage[], rules: readonly RuleEntry[]): string {
  const shown = rules.filter(
    (rule) => own.some(({ judged, silent }) => judged.includes(rule) || silent.some((each) => each.rule === rule)),
  ); // prettier-ignore
  const head = ['rule', ...own.map(({ profile }) => profile.name.slice(profile.name.indexOf('/') + 1))];
  const rows = shown.map((rule) => [`\`${rule.rule}\``, ...own.map((each) => mark(each, rule))]);
  const reasons = own.flatMap(({ profile, silent }) =>
    [...reasonsOf(silent)].map(
      ([why, names]) => `- ${profile.name}, ${names.map((name) => `\`${name}\``).join(', ')}: ${why}`,
    ),
  );
  const table = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
  return `## ${kind}\n\n${table}\n${reasons.length === 0 ? '' : `\n${reasons.join('\n')}\n`}`;
}

function mark({ judged, silent }: Coverage, rule: RuleEntry): string {
  if (judged.includes(rule)) return '●';
  const found = silent.find((each) => each.rule === rule);
  return found === undefined ? '' : found.why === undefined ? '**?**' : '–';
}

function reasonsOf(silent: Coverage['silent']): ReadonlyMap<string, string[]> {
  const reasons = new Map<string, string[]>();
  for (const { rule, why = '**no reason given**' } of silent) {
    const names = reasons.get(why);
    if (names === undefined) reasons.set(why, [rule.rule]);
    else names.push(rule.rule);
  }
  return reasons;
}
