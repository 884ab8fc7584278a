import { type Report, reporter } from '../check/report.ts';
import { checkRules, type RuleContext } from '../check/rules.ts';
import type { ConfigProblem } from '../problem.ts';
import type { LibraryFile } from '../read/files.ts';
import { salvage } from '../read/salvage.ts';
import type { Path, Source } from '../read/source.ts';
import { ruleFileSchema, type RuleEntry } from '../schema/rule.ts';

interface CheckedRules {
  readonly rules: RuleEntry[];
  /** Names of the rules that the installation declares itself. */
  readonly own: ReadonlySet<string>;
  /** Names of the shipped rules that a rule of the installation replaces. */
  readonly replaced: string[];
  /** Notes what is wrong with a rule in its file. */
  readonly reportOf: (rule: string) => Report;
}

/**
 * A rule of the installation replaces the shipped rule of its name. Shipped rules may wait for states that no device of
 * this installation has; its own may not.
 */
export function checkedRules(
  files: readonly LibraryFile<{ rules: RuleEntry[] }>[],
  context: Omit<RuleContext, 'report'>,
  problems: ConfigProblem[],
): CheckedRules {
  const reports = new Map<string, Report>();
  const readRules = (shipped: boolean, names: Set<string>): RuleEntry[] =>
    files.flatMap((file) => {
      if (file.source === undefined || file.shipped !== shipped) return [];
      const { rules, origin } =
        file.value === undefined ? salvagedRules(file.source) : { rules: file.value.rules, origin: same };
      const report = reporter(file.source, problems, origin);
      checkRules(rules, names, { ...context, known: shipped ? undefined : context.known, report });
      rules.forEach(({ rule }, index) =>
        reports.set(rule, (at, finding) => {
          report(['rules', index, ...at], finding);
        }),
      );
      return rules;
    });
  const own = new Set<string>();
  const ownRules = readRules(false, own);
  const shippedNames = new Set<string>();
  const ownReports = new Map(reports);
  const shippedRules = readRules(true, shippedNames).filter(({ rule }) => !own.has(rule));
  return {
    rules: [...shippedRules, ...ownRules],
    own,
    replaced: [...own].filter((name) => shippedNames.has(name)),
    reportOf: (rule) => ownReports.get(rule) ?? reports.get(rule) ?? noRule(rule),
  };
}

function noRule(rule: string): never {
  throw new RangeError(`no rule ${rule} was read`);
}

function salvagedRules(source: Source): { rules: RuleEntry[]; origin: (at: Path) => Path } {
  const { data, origin } = salvage(source.data, ruleFileSchema, ['rules']);
  return { rules: ruleFileSchema.safeParse(data).data?.rules ?? [], origin };
}

function same(at: Path): Path {
  return at;
}
