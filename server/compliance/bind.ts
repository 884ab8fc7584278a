import { createSelection } from '../../config/alarms/bind.ts';
import { namesOf } from '../../config/names.ts';
import { resolveLimit, sourceText, type Surroundings } from '../../config/alarms/limits.ts';
import { ruleText, sourcesOf } from '../../config/compliance-text.ts';
import type { Model, Point, Site } from '../../config/model.ts';
import type { Label } from '../../config/schema/common.ts';
import type { ComplianceCatalogue, MeasuredEntry, ProofEntry } from '../../config/schema/compliance.ts';

/** A point and what it must be. */
export interface BoundPoint {
  readonly point: Point;
  /** As people call what it belongs to: `Rak A-01`, `Genset 1`. */
  readonly thing: Label;
  /** In the point's unit, both within; null: open. Of states both are null. */
  readonly low: number | null;
  readonly high: number | null;
  /** Codes of the states that are right; absent: it has a band. */
  readonly states?: ReadonlySet<number>;
}

interface Common {
  readonly row: string;
  readonly proof: string;
  readonly name: Label;
  readonly decides: boolean;
}
export interface MeasuredProof extends Common {
  readonly by: 'points';
  readonly source: string | null;
  readonly points: readonly BoundPoint[];
  readonly frozenAfterMs: number | undefined;
}
export type BoundProof =
  | MeasuredProof
  | (Common & Pick<Extract<ProofEntry, { by: 'topology' }>, 'by' | 'check'>)
  | (Common & Pick<Extract<ProofEntry, { by: 'document' }>, 'by' | 'document'> & { readonly remindBeforeMs: number })
  | (Common & Pick<Extract<ProofEntry, { by: 'module' }>, 'by' | 'module'>); // prettier-ignore

export interface BoundRow {
  readonly row: string;
  /** BAB IV.1.4 */
  readonly clause: string;
  readonly name: Label;
  readonly rule: Label;
  readonly proofs: readonly BoundProof[];
}

export interface BoundSite {
  readonly site: Site;
  readonly rows: readonly BoundRow[];
}

/** The catalogue's rows for every site, with their points and limits. Pure. */
export function bindCompliance(model: Model, catalogue: ComplianceCatalogue): BoundSite[] {
  const select = createSelection(model);
  const names = namesOf(model);
  const selected = new Map<ProofEntry, ReturnType<typeof select>>();
  for (const { proofs } of catalogue.rows)
    for (const proof of proofs) if (proof.by === 'points') selected.set(proof, select(proof.points));

  const bind = (row: string, entry: ProofEntry, site: Site): BoundProof => {
    const { proof, name, decides } = entry;
    const common = { row, proof, name, decides };
    switch (entry.by) {
      case 'topology':
        return { ...common, by: entry.by, check: entry.check };
      case 'document':
        return { ...common, by: entry.by, document: entry.document, remindBeforeMs: entry.remindBefore };
      case 'module':
        return { ...common, by: entry.by, module: entry.module };
      case 'points': {
        const found = (selected.get(entry) ?? []).filter(({ point }) => point.site === site.id);
        const points = found.flatMap(({ point, around }) => bindPoint(entry, { point, around, thing: names.point(point) }) ?? []);
        const [first] = found;
        return {
          ...common,
          by: entry.by,
          points,
          source: entry.source === undefined ? limitSource(entry, first?.around) : sourceText(entry.source, site),
          frozenAfterMs: entry.frozenAfter,
        };
      }
    }
  }; // prettier-ignore

  return model.sites.map((site) => {
    const sources = sourcesOf(catalogue, model.standard, site.standard);
    return {
      site,
      rows: catalogue.rows.map(({ row, number, name, rule, proofs }) => ({
        row,
        clause: `${site.standard.clause}.${number}`,
        name,
        rule: ruleText(rule, sources),
        proofs: proofs.map((proof) => bind(row, proof, site)),
      })),
    };
  });
}

function bindPoint(
  entry: MeasuredEntry,
  { point, around, thing }: Pick<BoundPoint, 'point' | 'thing'> & { readonly around: Surroundings },
): BoundPoint | undefined {
  const base = { point, thing };
  if (entry.states !== undefined) {
    const names = new Set(entry.states);
    const codes = [...(point.states ?? [])].filter(([, name]) => names.has(name)).map(([code]) => code);
    return codes.length === 0 ? undefined : { ...base, low: null, high: null, states: new Set(codes) };
  }
  const low = entry.low === undefined ? undefined : resolveLimit(entry.low, around);
  const high = entry.high === undefined ? undefined : resolveLimit(entry.high, around);
  if (low === undefined && high === undefined) return undefined;
  return { ...base, low: low?.value ?? null, high: high?.value ?? null };
} // prettier-ignore

function limitSource({ low, high }: MeasuredEntry, around: Surroundings | undefined): string | null {
  const limit = low ?? high;
  if (around === undefined || limit === undefined) return null;
  return resolveLimit(limit, around)?.clause ?? null;
}

/** A value, or the code of a state. */
export function isWithin({ low, high, states }: BoundPoint, value: number): boolean {
  if (states !== undefined) return states.has(value);
  return (low === null || value >= low) && (high === null || value <= high);
}
