import type { Profile } from '../config/schema/profile.ts';
import type { Combination } from '../collectors/probe/combine.ts';
import type { ProbeReport } from '../collectors/probe/probe.ts';
import type { ProbeRow } from '../collectors/probe/row.ts';

/** A report of `pantau probe` as a person reads it: what fits, then each device with its values. */
export function textOf({ profiles, proposals, rows, survey }: ProbeReport): string {
  const found = proposals.map(
    ({ profile: { name }, reads, why }) => `  ${name} (${reads} values answer): ${why.join('; ')}`,
  );
  const head = found.length === 0 ? [] : ['Profiles that fit, best first:', ...found, ''];
  const sections =
    survey === undefined
      ? profiles.flatMap((profile) =>
          section(
            profile,
            rows.filter((row) => row.profile === profile.name),
          ),
        )
      : survey.combinations.flatMap(combined);
  return [...head, ...sections].join('\n');
}

/** A device of several profiles; one that is doubtful is only named. */
function combined({ base, completions, instance, rows, doubt, absent }: Combination): string[] {
  if (doubt !== null) return [`${base.name}: left out, ${doubt}`, ''];
  const others = completions.map(({ profile, gains }) => `completed by ${profile.name} (${gains} values)`);
  const which = instance === undefined ? [] : [`instance ${instance}`];
  const left =
    absent.length === 0 ? [] : [`phases ${absent.join(' and ')} left out, since all of them is zero`];
  return section(base, rows, [...which, ...others, ...left]);
}

function section(profile: Profile, rows: readonly ProbeRow[], more: readonly string[] = []): string[] {
  const cells = [['PART', 'QUANTITY', 'VALUE', 'UNIT', 'QUALITY', 'SOURCE', 'RAW'], ...rows.map(tableRow)];
  const widths =
    cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const good = rows.filter((row) => row.quality === 'good').length;
  // What the device said of several values at once is told once.
  const notes = new Set(rows.flatMap(({ note }) => (note === null ? [] : [note])));
  return [
    [`${profile.name}: ${profile.maker} ${profile.model}`, ...more].join(', '),
    ...(profile.toBeConfirmed === undefined ? [] : [`To be confirmed: ${profile.toBeConfirmed}`]),
    '',
    ...lines,
    ...firstRows(profile),
    ...(notes.size === 0 ? [] : ['', ...notes]),
    '',
    rows.length === 0
      ? 'no row in any table of this profile: compare the OIDs of its tables (entry) with what the agent has'
      : `${good} of ${rows.length} values good`,
    '',
  ];
}

/** Of a table without parts nobody would notice that it has more rows than the one that is read. */
function firstRows(profile: Profile): string[] {
  if (profile.protocol !== 'snmp') return [];
  return profile.tables.flatMap(({ group, part, where, points }) => {
    const isNamed = part !== undefined || where.length > 0;
    const isTaken = points.some(
      (point) => point.row === undefined && point.where.length === 0 && point.presence !== true,
    );
    return isNamed || !isTaken
      ? []
      : [
          `Of table "${group}" the first row is read: where the agent has several, name the parts (part: 'l{index}') or say which (row, where)`,
        ];
  });
}

function tableRow(row: ProbeRow): string[] {
  const number = row.value === null ? '' : String(row.value);
  const value = row.word === null ? (row.state ?? number) : `${row.state} (${row.word})`;
  const quality = row.reason === null ? row.quality : `${row.quality} (${row.reason})`;
  return [
    [row.instance, row.part].filter((name) => name !== null).join(' '),
    row.quantity,
    value,
    row.unit,
    quality,
    row.source,
    row.raw === null ? '' : String(row.raw),
  ];
}
