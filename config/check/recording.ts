import { nearestName } from '../../core/names.ts';
import type { Model } from '../model.ts';
import { quote } from '../problem.ts';
import { alwaysRecorded, isRecordedBy } from '../recording.ts';
import type { Report } from './report.ts';

/** Refuses what would thin out evidence, and entries without effect. */
export function checkRecording(model: Model, report: Report): void {
  const entries = model.recording ?? [];
  const measured = new Set(model.points.map(({ quantity }) => quantity));
  for (const [place, entry] of entries.entries()) {
    for (const [index, name] of entry.quantities.entries())
      if (!measured.has(name))
        report(['recording', place, 'quantities', index], {
          found: `nothing has the quantity ${quote(name)}`,
          expected: 'a quantity of this installation',
          nearest: nearestName(name, measured),
        });
    const covered = model.points.filter((point) => isRecordedBy(entry, point));
    const refused = covered.find((point) => alwaysRecorded(point) !== undefined);
    if (refused !== undefined)
      report(['recording', place], {
        found: `covers ${quote(refused.id)}, which ${alwaysRecorded(refused)}: all its readings are stored`,
        expected: 'quantities and kinds of climate, cooling or diagnostics only',
      });
    const twice = covered.find((point) =>
      entries.slice(0, place).some((other) => isRecordedBy(other, point)),
    );
    if (twice !== undefined)
      report(['recording', place], {
        found: `covers ${quote(twice.id)}, which an entry before covers`,
        expected: 'every point in one entry',
      });
    if (covered.length === 0 && entry.quantities.every((name) => measured.has(name)))
      report(['recording', place, 'kinds'], {
        found: 'covers no point',
        expected: 'kinds of devices that have one of the quantities',
      });
  }
}
