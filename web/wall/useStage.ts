import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { IncidentSummary } from '../../server/contracts/incidents.ts';
import type { SiteView } from '../../server/contracts/sites.ts';
import { knowledgeOf, partPoints, partsOf } from '../../domain/site-state.ts';
import { useLive, useNow, useWatch } from '../live/hooks.tsx';
import { inTurn, stageAt, stagesOf, together, troubleOf } from './stage.ts';

export interface Stage {
  /** As chosen: `semua`, `bergilir` or a site. */
  readonly view: string;
  readonly choose: (view: string) => void;
}

/** What was chosen stands in the address, so that a wall comes back to it. */
export function useStageChoice(): Stage {
  const [search, setSearch] = useSearchParams();
  return {
    view: search.get('tampil') ?? together,
    choose: (view) => {
      setSearch(view === together ? {} : { tampil: view }, { replace: true });
    },
  };
}

const noSites: readonly SiteView[] = [];

/** The sites that are shown now. An unknown site in the address shows all: a wall is never empty. */
export function useStage(
  view: string,
  sites: readonly SiteView[],
  incidents: readonly IncidentSummary[],
): readonly SiteView[] {
  const { store } = useLive();
  const now = useNow();
  const judged = view === inTurn ? sites : noSites;
  const parts = useMemo(() => judged.map((site) => ({ id: site.id, parts: partsOf(site) })), [judged]);
  useWatch(useMemo(() => parts.flatMap((each) => partPoints(each.parts)), [parts]));
  let shown = view;
  if (view === inTurn) {
    const get = (id: string | null | undefined) =>
      id === null || id === undefined ? undefined : store.get(id);
    const troubles = new Map(
      parts.map((each) => [each.id, troubleOf(each.id, incidents, knowledgeOf(each.parts, get))]),
    );
    shown = stageAt(stagesOf(troubles), now);
  }
  const one = sites.filter(({ id }) => id === shown);
  return one.length > 0 ? one : sites;
}
