import { nearestName } from '../../core/names.ts';
import { quote } from '../problem.ts';
import type { Path } from '../read/source.ts';
import type { SnmpProfile } from '../schema/profile.ts';
import type { Report } from './report.ts';
import { checkTraps } from './traps.ts';

type Table = SnmpProfile['tables'][number];
type Scale =
  SnmpProfile['points'][number]['scaleCells'][number] | Table['points'][number]['scaleCells'][number];

/** What the tables, the cells beside a value, the instances and the traps of an SNMP profile must hold beyond their shape. */
export function checkSnmpProfile(profile: SnmpProfile, report: Report): void {
  checkInstances(profile, report);
  checkTraps(profile, report);
  for (const [index, { scaleCells }] of profile.points.entries())
    checkScales(scaleCells, ['points', index, 'scaleCells'], report);
  for (const [index, table] of profile.tables.entries()) {
    const path = ['tables', index];
    checkPart(table, path, report);
    for (const [at, point] of table.points.entries()) {
      checkScales(point.scaleCells, [...path, 'points', at, 'scaleCells'], report);
      if (point.presence === true && point.unit !== 'state')
        report([...path, 'points', at, 'unit'], {
          found: `${quote(point.unit)} cannot be whether a row is there`,
          expected: '"state", with names for 0 and 1',
        });
    }
  }
}

function checkInstances(profile: SnmpProfile, report: Report): void {
  const named = JSON.stringify([profile.points, profile.tables, profile.traps]).includes('{instance}');
  if (named && profile.instances === undefined)
    report(['instances'], {
      found: 'is missing',
      expected:
        'where the instances stand (below) and which is read by default, since an OID holds {instance}',
    });
  if (!named && profile.instances !== undefined)
    report(['instances'], { found: 'is of no use', expected: 'an OID that holds {instance}' });
}

function checkScales(scales: readonly Scale[], path: Path, report: Report): void {
  for (const [index, { kind, units }] of scales.entries()) {
    if ((kind === 'units') === (units !== undefined)) continue;
    report([...path, index, 'units'], {
      found: units === undefined ? 'is missing' : 'is not allowed',
      expected: 'what the cell says → factor or unit, with kind "units" and no other',
    });
  }
}

function checkPart({ part, labels }: Table, path: Path, report: Report): void {
  const valid = ['index', 'name', ...Object.keys(labels)];
  for (const [, name = ''] of (part ?? '').matchAll(/\{([^}.]*)/g))
    if (!valid.includes(name))
      report([...path, 'part'], {
        found: `{${name}} is unknown`,
        expected: `{index}, {index.N}, {index.text}, {name} or one of the labels`,
        nearest: nearestName(name, valid),
      });
}
