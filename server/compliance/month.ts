import { iso } from '../../core/time.ts';
import type { Model } from '../../config/model.ts';
import type { ComplianceCatalogue } from '../../config/schema/compliance.ts';
import { complianceReasons as reasons, joined } from '../../domain/wording/compliance.ts';
import type {
  ComplianceProofView, ComplianceRowView, ComplianceView, Judged, MeasuredThing, RoomShare, TimeShare, WorstCase,
} from '../contracts/compliance.ts'; // prettier-ignore
import type { Historian, Range } from '../historian/historian.ts';
import type { BoundProof, BoundRow, BoundSite, MeasuredProof } from './bind.ts';
import { documentHeld, judgeDocument, type DocumentRow } from './documents.ts';
import { hallIndices } from './indices.ts';
import { heldOf } from './journal.ts';
import { measure, momentOf, type PointFigures } from './measure.ts';
import { judgeModule, type ModuleSources } from './modules.ts';
import type { ComplianceMonitor } from './monitor.ts';
import { elapsedOf, monthRange } from './months.ts';
import type { ChangeRow, ComplianceRepository } from './repository.ts';
import { addHeld, shareOf, verdictOf, worstJudged, worstShare, type Needed } from './verdict.ts';

/** Of the things of a proof, so many are shown by name. */
const notableShown = 20;

export interface MonthSources {
  readonly model: Model;
  readonly catalogue: ComplianceCatalogue;
  readonly historian: Historian;
  readonly repository: ComplianceRepository;
  readonly modules: ModuleSources;
  readonly documents: { list(site: string): Promise<DocumentRow[]> };
  readonly monitor: Pick<ComplianceMonitor, 'now'>;
  readonly clock: { now(): number };
}

interface Asked {
  readonly month: string;
  readonly signal?: AbortSignal | undefined;
  /** Called with how many of how many points are measured. */
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
}

/** Every row of a site in a month: what was measured, what documents and records prove, and what is not known. */
export async function complianceOfMonth(sources: MonthSources, bound: BoundSite, asked: Asked): Promise<ComplianceView> {
  const { model, catalogue, historian, repository, documents, monitor, clock } = sources;
  const { site } = bound;
  const { month, signal } = asked;
  const now = clock.now();
  const whole = monthRange(month);
  const range = elapsedOf(month, now);
  const isOver = now >= whole.to;
  const isNow = now >= whole.from && !isOver;
  const [papers, journal, judgedSince] = await Promise.all([
    documents.list(site.id),
    journalOf(repository, site.id, range),
    repository.begin(site.id),
  ]);
  const total = bound.rows.flatMap(({ proofs }) => proofs).reduce((sum, proof) => sum + (proof.by === 'points' ? proof.points.length : 0), 0);
  let done = 0;
  const figures = new Map<BoundProof, readonly PointFigures[]>();
  const context: Context = { sources, bound, range, isOver, now, month, papers, journal, figures };

  const rows: { row: BoundRow; proofs: ComplianceProofView[] }[] = [];
  for (const row of bound.rows) {
    const proofs: ComplianceProofView[] = [];
    for (const proof of row.proofs) {
      if (proof.by === 'points')
        figures.set(proof, await measure(historian, {
          points: proof.points,
          range,
          frozenAfterMs: proof.frozenAfterMs,
          signal,
          onProgress(points) {
            done += points;
            asked.onProgress?.(done, total);
          },
        }));
      const view = await proofView(context, proof);
      const current = isNow ? monitor.now(site.id, row.row, proof.proof) : undefined;
      proofs.push({ ...view, now: current === undefined ? null : { verdict: current.verdict, reason: current.reason } });
    }
    rows.push({ row, proofs });
  }
  return {
    site: site.id,
    siteName: site.name,
    building: site.building,
    clause: site.standard.clause,
    standard: model.standard.standard,
    month,
    from: iso(range.from),
    to: iso(range.to),
    at: iso(now),
    isOver,
    needed: catalogue.needed,
    items: rows.map(({ row, proofs }) => rowView(row, proofs, {
      site: site.id,
      month,
      current: isNow ? monitor.now(site.id, row.row, '') : undefined,
    })),
    proofs: rows.flatMap(({ proofs }) => proofs),
    indices: {
      source: catalogue.inlet.source,
      halls: await hallIndices({ model, catalogue, historian }, { site: site.id, range, inlets: inletsOf(figures), signal }),
    },
    judgedSince: judgedSince === undefined ? null : iso(judgedSince),
    next: null,
  };
} // prettier-ignore

interface Context {
  readonly sources: MonthSources;
  readonly bound: BoundSite;
  readonly range: Range;
  readonly isOver: boolean;
  readonly now: number;
  readonly month: string;
  readonly papers: readonly DocumentRow[];
  readonly journal: Journal;
  readonly figures: ReadonlyMap<BoundProof, readonly PointFigures[]>;
}

interface Journal {
  readonly before: readonly ChangeRow[];
  readonly changes: readonly ChangeRow[];
  readonly watched: readonly Range[];
}

async function journalOf(repository: ComplianceRepository, site: string, range: Range): Promise<Journal> {
  const [before, changes, watched] = await Promise.all([
    repository.latest(site, range.from),
    repository.changes(site, range),
    repository.watched(site, range),
  ]);
  return { before, changes, watched };
}

type Bare = Omit<ComplianceProofView, 'now'>;

async function proofView(context: Context, proof: BoundProof): Promise<Bare> {
  const { sources, bound, range, now, month, papers, journal, isOver } = context;
  const needed = sources.catalogue.needed;
  const { row, proof: id, by, name, decides } = proof;
  const base = { row, proof: id, by, name, decides, source: null, things: 0, notable: [], rooms: [], worst: null, document: null };
  switch (proof.by) {
    case 'points':
      return { ...base, ...(await measuredView(context, proof)), source: proof.source };
    case 'document': {
      const rows = papers.filter(({ kind }) => kind === proof.document);
      const held = documentHeld(rows, range);
      const share = shareOf(held);
      const at = isOver ? range.to - 1 : now;
      const judged = judgeDocument(rows, at, proof.remindBeforeMs);
      const verdict = isOver ? verdictOf(held, needed) : judged.verdict;
      return { ...base, verdict, reason: judged.reason, share, document: proof.document };
    }
    case 'module': {
      const judged = await judgeModule(sources.modules, proof.module, { site: bound.site, month, now });
      return { ...base, ...judged, share: shareOfVerdict(judged) };
    }
    case 'topology': {
      const of = (rows: readonly ChangeRow[]) => rows.filter((each) => each.row === row && each.proof === id);
      const held = heldOf({ before: of(journal.before)[0], changes: of(journal.changes), watched: journal.watched }, range);
      const share = shareOf(held);
      const last = of(journal.changes).at(-1) ?? of(journal.before)[0];
      if (last === undefined || share.held === null)
        return { ...base, verdict: 'not-proven', reason: last === undefined ? reasons.notJudged : reasonOf(last), share };
      return { ...base, verdict: isOver ? verdictOf(held, needed) : last.verdict, reason: reasonOf(last), share };
    }
  }
} // prettier-ignore

function reasonOf({ reason_id: id, reason_en: en }: ChangeRow): { id: string; en: string } {
  return { id, en };
}

/** What was asked once for the whole month. */
function shareOfVerdict({ verdict }: Judged): TimeShare {
  if (verdict === 'not-proven') return { held: null, coverage: 0 };
  return { held: verdict === 'holds' ? 100 : 0, coverage: 100 };
}

async function measuredView(context: Context, proof: MeasuredProof) {
  const { sources, figures: all, range } = context;
  const { needed } = sources.catalogue;
  const figures = all.get(proof) ?? [];
  const held = addHeld(figures);
  const share = shareOf(held);
  const worstOf = (those: readonly PointFigures[]): PointFigures | undefined =>
    those.reduce<PointFigures | undefined>(
      (worst, each) => ((each.worst?.excess ?? -Infinity) > (worst?.worst?.excess ?? -Infinity) ? each : worst),
      undefined,
    );
  const worst = worstOf(figures);
  return {
    ...monthVerdict(figures, { needed, points: proof.points.length, isEmpty: range.to <= range.from }),
    share,
    things: proof.points.length,
    notable: figures
      .filter((each) => each.brokenMs > 0 || each.frozenMs > 0 || shareOf(each).coverage < needed.coverage)
      .sort((a, b) => b.brokenMs - a.brokenMs || a.heldMs - b.heldMs)
      .slice(0, notableShown)
      .map((each) => thingView(each)),
    rooms: roomsOf(sources.model, context.bound.site.id, { figures, worstOf }),
    worst: worst === undefined ? null : await exactWorst(sources.historian, worst),
  };
} // prettier-ignore

/** Pure: the verdict of a month on what was measured, with the sentence that says why. */
function monthVerdict(
  figures: readonly PointFigures[],
  {
    needed,
    points,
    isEmpty,
  }: { readonly needed: Needed; readonly points: number; readonly isEmpty: boolean },
): Judged {
  if (points === 0) return { verdict: 'not-proven', reason: reasons.noPoints };
  if (isEmpty) return { verdict: 'not-proven', reason: reasons.notYet };
  const held = addHeld(figures);
  const share = shareOf(held);
  if (share.held === null) return { verdict: 'not-proven', reason: reasons.nothingMeasured };
  const verdict = verdictOf(held, needed);
  const frozen = figures.filter((each) => each.frozenMs > 0).map(({ bound }) => bound.thing);
  const reason =
    verdict === 'not-proven'
      ? reasons.tooLittle(share.coverage, needed.coverage)
      : reasons.held(share.held, share.coverage);
  return { verdict, reason: frozen.length === 0 ? reason : joined(reason, reasons.frozen(frozen)) };
}

function thingView(figures: PointFigures): MeasuredThing {
  const { bound, heldMs, brokenMs, belowMs, aboveMs, frozenMs } = figures;
  const knownMs = heldMs + brokenMs;
  const percent = (ms: number): number => (knownMs > 0 ? Math.round((ms / knownMs) * 1_000_000) / 10_000 : 0);
  return {
    point: bound.point.id,
    thing: bound.thing,
    room: bound.point.room ?? null,
    share: shareOf(figures),
    below: percent(belowMs),
    above: percent(aboveMs),
    isFrozen: frozenMs > 0,
    worst: worstView(figures),
  };
}

/** Only where there is more than one room to compare. */
function roomsOf(
  model: Model,
  site: string,
  { figures, worstOf }: { figures: readonly PointFigures[]; worstOf: (those: readonly PointFigures[]) => PointFigures | undefined },
): RoomShare[] {
  const rooms = model.rooms.filter((room) => room.site === site && room.kind === 'data-hall');
  return rooms.flatMap((room) => {
    const own = figures.filter(({ bound }) => bound.point.room === room.id);
    if (own.length === 0) return [];
    const worst = worstOf(own);
    return [{ room: room.id, name: room.name, things: own.length, share: shareOf(addHeld(own)), worst: worst === undefined ? null : worstView(worst) }];
  });
} // prettier-ignore

function worstView({ bound, worst }: PointFigures): WorstCase | null {
  if (worst === undefined) return null;
  const { point, thing, low, high } = bound;
  return {
    point: point.id,
    thing,
    value: worst.value,
    unit: point.unit,
    low,
    high,
    isBroken: worst.excess > 0,
    at: iso(worst.at),
  };
}

async function exactWorst(historian: Historian, figures: PointFigures): Promise<WorstCase | null> {
  const view = worstView(figures);
  if (view === null || figures.worst === undefined) return view;
  return { ...view, at: iso(await momentOf(historian, view.point, figures.worst)) };
}

function rowView(
  { row, clause, name, rule }: BoundRow,
  proofs: readonly ComplianceProofView[],
  { site, month, current }: { readonly site: string; readonly month: string; readonly current: ReturnType<ComplianceMonitor['now']> },
): ComplianceRowView {
  const deciding = proofs.filter(({ decides }) => decides);
  const counted = deciding.length > 0 ? deciding : proofs;
  const decisive = worstJudged(counted);
  const broken = counted.find(({ worst }) => worst?.isBroken === true) ?? counted.find(({ worst }) => worst !== null);
  return {
    site, month, row, clause, name, rule,
    verdict: decisive?.verdict ?? 'not-proven',
    reason: decisive === undefined ? reasons.noPoints : sentence(decisive, counted),
    share: worstShare(counted.map(({ share }) => share)),
    now: current === undefined ? null : { verdict: current.verdict, reason: current.reason, since: iso(current.since) },
    worst: broken?.worst ?? null,
  };
} // prettier-ignore

/** With several proofs the sentence begins with the one that decides. */
function sentence(
  { name, reason }: ComplianceProofView,
  proofs: readonly ComplianceProofView[],
): { id: string; en: string } {
  if (proofs.length < 2) return reason;
  return { id: `${name.id}: ${reason.id}`, en: `${name.en}: ${reason.en}` };
}

function inletsOf(figures: ReadonlyMap<BoundProof, readonly PointFigures[]>): readonly PointFigures[] {
  for (const [proof, those] of figures)
    if (proof.row === 'temperature' && proof.by === 'points')
      return those.filter(({ bound }) => bound.point.position === 'inlet');
  return [];
}
