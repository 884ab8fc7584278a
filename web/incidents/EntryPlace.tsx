import type { ReactNode } from 'react';
import type { TimelineEntry } from '../../server/contracts/incidents.ts';
import { useLabel } from '../format/FormatContext.tsx';
import { Name } from '../parts/Name.tsx';

/** After an entry of the timeline: the thing that it is about; by the id of its point where the configuration has it no longer. */
export function EntryPlace({ entry }: { entry: Pick<TimelineEntry, 'point' | 'ownerName'> }): ReactNode {
  const label = useLabel();
  const { point, ownerName } = entry;
  if (point === null) return null;
  return (
    <>
      {' · '}
      <Name>{ownerName === null ? point.split('/').slice(1, -1).join(' ') : label(ownerName)}</Name>
    </>
  );
}
