/** One mistake in the configuration, reported so that it can be fixed without reading code. */
export interface ConfigProblem {
  readonly file: string;
  /** 1-based; 0 when the file itself is the problem. */
  readonly line: number;
  /** Where in the file, entries by their name: `devices.pac-03.profile`. Empty: the file as a whole. */
  readonly path: string;
  /** What was found, as the first half of a sentence: `"pac/libert" is unknown`. */
  readonly found: string;
  readonly expected: string;
  /** The nearest valid name. */
  readonly nearest?: string;
}

/** `config/sites/dc.yaml:42 devices.pac-03.profile: "pac/libert" is unknown; expected a profile; did you mean "…"?` */
export function formatProblem(problem: ConfigProblem): string {
  const place = problem.line > 0 ? `${problem.file}:${problem.line}` : problem.file;
  const where = problem.path === '' ? `${place}:` : `${place} ${problem.path}:`;
  const nearest = problem.nearest === undefined ? '' : `; did you mean "${problem.nearest}"?`;
  return `${where} ${problem.found}; expected ${problem.expected}${nearest}`;
}

/** Text, number or kind of thing, as it is quoted in a problem. */
export function quote(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'an empty value';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  // JSON has no word for .nan and .inf.
  if (typeof value === 'number') return String(value);
  // A password that was written into an address stays out of logs.
  return JSON.stringify(value).replace(/(?<=:\/\/)[^/@"]*@/, '***@');
}

/** `"a", "b" or "c"`. */
export function oneOf(names: Iterable<unknown>): string {
  const quoted = [...names].map(quote);
  const last = quoted.pop();
  if (last === undefined) return 'nothing';
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`;
}
