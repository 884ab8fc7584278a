import type { Logger } from 'pino';
import type { Model } from '../../config/model.ts';
import type { Clock } from '../../core/clock.ts';
import { nextTurn } from '../../core/slices.ts';
import { complianceReasons as reasons } from '../../domain/wording/compliance.ts';
import type { Judged } from '../contracts/compliance.ts';
import type { BoundProof, BoundSite } from './bind.ts';
import { judgeDocument, type DocumentRow, type Documents } from './documents.ts';
import { judgeModule, type ModuleName, type ModuleSources } from './modules.ts';
import { monthOf } from './months.ts';
import { judgeNow, type ValuesNow } from './now.ts';
import type { ChangeRow, ComplianceRepository, WatchRow } from './repository.ts';
import { judgeTopology } from './topology.ts';
import { sameJudgement, worstJudged, type Needed } from './verdict.ts';

type NowJudged = Judged & { readonly since: number };

/** Judges every row of every site once a minute and keeps when each verdict began. */
export interface ComplianceMonitor {
  /** Call once a second. */
  tick(): void;
  /** Undefined: not judged since the start. `proof` empty: the row as a whole. */
  now(site: string, row: string, proof: string): NowJudged | undefined;
  /** Judges at once, e.g. after an upload. Resolves when it is written. */
  judge(): Promise<void>;
  /** Why the last round failed. */
  problem(): string | undefined;
  close(): Promise<void>;
}

const everyMs = 60_000;
/** After the start the first values are those of before it; the field is read once before anything is said. */
const settleMs = 60_000;
/** A watch that is continued later than this had a break: nobody knows what was in between. */
const breakMs = 3 * everyMs;
/** Counting events is work for the database, and changes slowly. */
const modulesEveryMs = 600_000;

export function createComplianceMonitor(options: {
  readonly model: Model;
  readonly sites: readonly BoundSite[];
  readonly needed: Needed;
  readonly values: ValuesNow;
  readonly documents: Pick<Documents, 'list'>;
  readonly modules: ModuleSources;
  readonly repository: ComplianceRepository;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly newId: (at: number) => string;
  readonly log: Logger;
}): ComplianceMonitor {
  const { model, sites, needed, values, documents, modules, repository, clock, newId, log } = options;
  const state = new Map<string, ChangeRow>();
  const watches = new Map<string, WatchRow>();
  const moduleVerdicts = new Map<string, { readonly judged: Judged; readonly until: number }>();
  let isRestored = false;
  let lookAt = clock.monotonic() + settleMs;
  let running: Promise<void> | undefined;
  let problem: string | undefined;
  let closed = false;

  async function restore(): Promise<void> {
    for (const { site } of sites) {
      for (const row of await repository.latest(site.id, clock.now())) state.set(keyOf(row.site, row.row, row.proof), row);
      const watch = await repository.lastWatch(site.id);
      if (watch !== undefined) watches.set(site.id, watch);
    }
    isRestored = true;
  } // prettier-ignore

  async function moduleVerdict(bound: BoundSite, name: ModuleName): Promise<Judged> {
    const key = `${bound.site.id} ${name}`;
    const known = moduleVerdicts.get(key);
    if (known !== undefined && clock.monotonic() < known.until) return known.judged;
    const now = clock.now();
    const judged = await judgeModule(modules, name, { site: bound.site, month: monthOf(now), now });
    moduleVerdicts.set(key, { judged, until: clock.monotonic() + modulesEveryMs });
    return judged;
  }

  async function judgeProof(bound: BoundSite, proof: BoundProof, papers: readonly DocumentRow[]): Promise<Judged> {
    switch (proof.by) {
      case 'points':
        return judgeNow(proof, values, needed);
      case 'topology':
        return judgeTopology(model, bound.site, proof.check);
      case 'module':
        return moduleVerdict(bound, proof.module);
      case 'document': {
        const rows = papers.filter(({ site, kind }) => site === bound.site.id && kind === proof.document);
        return judgeDocument(rows, clock.now(), proof.remindBeforeMs);
      }
    }
  } // prettier-ignore

  /** A reason that changes under the same verdict is shown, and is no change. */
  function note(changes: ChangeRow[], key: { site: string; row: string; proof: string }, judged: Judged): void {
    const name = keyOf(key.site, key.row, key.proof);
    const before = state.get(name);
    const text = { reason_id: judged.reason.id, reason_en: judged.reason.en };
    if (before?.verdict === judged.verdict) {
      if (!sameJudgement(judged, judgedOf(before))) state.set(name, { ...before, ...text });
      return;
    }
    const at = clock.now();
    const change = { id: newId(at), ...key, at, verdict: judged.verdict, ...text };
    state.set(name, change);
    changes.push(change);
  } // prettier-ignore

  function watched(site: string): WatchRow {
    const at = clock.now();
    const last = watches.get(site);
    // A clock that was set back within the time that is watched leaves it as it is.
    const goesOn = last !== undefined && Math.abs(at - last.to_at) <= breakMs;
    const watch = goesOn
      ? { ...last, to_at: Math.max(last.to_at, at) }
      : { id: newId(at), site, from_at: at, to_at: at };
    watches.set(site, watch);
    return watch;
  }

  async function round(): Promise<void> {
    if (!isRestored) await restore();
    const papers = await documents.list();
    const before = new Map(state);
    const changes: ChangeRow[] = [];
    for (const bound of sites) {
      for (const { row, proofs } of bound.rows) {
        const judged = [];
        for (const proof of proofs) {
          const verdict = await judgeProof(bound, proof, papers);
          note(changes, { site: bound.site.id, row, proof: proof.proof }, verdict);
          judged.push({ ...verdict, decides: proof.decides });
        }
        const deciding = judged.filter(({ decides }) => decides);
        const whole = worstJudged(deciding.length > 0 ? deciding : judged);
        note(changes, { site: bound.site.id, row, proof: '' }, whole ?? { verdict: 'not-proven', reason: reasons.noPoints });
      }
      await nextTurn();
    }
    try {
      await repository.write({ changes, watches: sites.map(({ site }) => watched(site.id)) });
    } catch (error) {
      // What is not written did not happen: the next round finds the same changes again.
      for (const { site, row, proof } of changes) {
        const name = keyOf(site, row, proof);
        const old = before.get(name);
        if (old === undefined) state.delete(name);
        else state.set(name, old);
      }
      throw error;
    }
  } // prettier-ignore

  async function look(): Promise<void> {
    try {
      await round();
      problem = undefined;
    } catch (error) {
      if (problem === undefined) log.error({ err: error }, 'compliance cannot be judged; trying again');
      problem = error instanceof Error ? error.message : String(error);
    }
  }

  return {
    tick() {
      const at = clock.monotonic();
      if (running !== undefined || at < lookAt || closed) return;
      lookAt = at + everyMs;
      running = look().finally(() => (running = undefined));
    },
    now(site, row, proof) {
      const change = state.get(keyOf(site, row, proof));
      return change === undefined ? undefined : { ...judgedOf(change), since: change.at };
    },
    async judge() {
      await running;
      if (closed) return;
      moduleVerdicts.clear();
      running = look().finally(() => (running = undefined));
      await running;
    },
    problem: () => problem,
    async close() {
      closed = true;
      await running;
    },
  };
}

function keyOf(site: string, row: string, proof: string): string {
  return `${site} ${row} ${proof}`;
}

function judgedOf({ verdict, reason_id: id, reason_en: en }: ChangeRow): Judged {
  return { verdict, reason: { id, en } };
}
