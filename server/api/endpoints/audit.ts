import { z } from 'zod';
import { iso } from '../../../core/time.ts';
import { LogDamaged } from '../../audit/log.ts';
import type { LogProof, LogService } from '../../audit/service.ts';
import type { Verifications } from '../../audit/verifications.ts';
import type { AuditTrail } from '../../audit/trail.ts';
import {
  auditEntryView,
  logEntryView,
  logProofView,
  logVerificationView,
  logView,
} from '../../contracts/audit.ts';
import { page } from '../../contracts/common.ts';
import { witnessAnswer, witnessed } from '../../../collectors/remote/witness.ts';
import { collectorEndpoint, endpoint, type Endpoint } from '../../http/endpoint.ts';
import { decodeCursor, pageOf, pageQuery } from '../../http/page.ts';
import { badInput, conflict, notFound } from '../../http/problem.ts';
import { queryInstant } from '../../http/time.ts';

export interface AuditServices {
  readonly auditTrail: Pick<AuditTrail, 'list' | 'record'>;
  readonly provenLog: LogService;
  readonly verifications: Pick<Verifications, 'view' | 'start'>;
}

const entryNumber = z.coerce.number().int().min(0);

/** Who did what, and the log that proves it. The proofs hold hashes only; entries name people who act: for managers. */
export function auditEndpoints({ auditTrail, provenLog, verifications }: AuditServices): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/audit',
      role: 'manager',
      summary:
        'Every command that came through the API: who, when, from where, what, and its outcome; newest first',
      input: {
        query: z.strictObject({
          ...pageQuery,
          actor: z.string().optional(),
          subject: z.string().optional(),
          path: z.string().optional(),
          outcome: z.enum(['done', 'refused']).optional(),
          from: queryInstant.optional(),
          to: queryInstant.optional(),
        }),
      },
      output: page(auditEntryView),
      csv: true,
      async handler({ query: { cursor, limit, ...filter } }) {
        const [before] = decodeCursor(cursor, z.tuple([z.string()])) ?? [];
        const rows = await auditTrail.list({ ...filter, before, limit: limit + 1 });
        return pageOf(rows, limit, {
          view: ({ at, ...row }) => ({ ...row, at: iso(at) }),
          place: ({ id }) => [id],
        });
      },
    }),
    endpoint({
      method: 'get',
      path: '/log',
      role: 'viewer',
      summary: 'The log that proves itself: its size, key, newest checkpoint and witnesses',
      input: {},
      output: logView,
      async handler() {
        const [size, checkpoint, witnesses] = await Promise.all([
          provenLog.size(),
          provenLog.checkpoint(),
          provenLog.witnesses(),
        ]);
        return {
          size,
          key: provenLog.key,
          checkpoint:
            checkpoint === undefined
              ? null
              : { ...checkpoint, at: iso(checkpoint.at), note: countersigned(checkpoint, witnesses) },
          witnesses: witnesses.map(({ name, key, number, size, at }) => ({
            name,
            key,
            number,
            size,
            at: iso(at),
          })),
          problem: provenLog.problem() ?? null,
        };
      },
    }),
    endpoint({
      method: 'get',
      path: '/log/checkpoint',
      role: 'viewer',
      summary: 'The newest checkpoint, or the one of a number: C2SP tlog-checkpoint',
      input: { query: z.strictObject({ number: entryNumber.optional() }) },
      output: z.object({ note: z.string() }),
      async handler({ query: { number } }) {
        const checkpoint = await provenLog.checkpoint(number);
        if (checkpoint === undefined)
          throw notFound(
            number === undefined ? 'no checkpoint is signed yet' : `there is no checkpoint ${number}`,
          );
        return { note: countersigned(checkpoint, await provenLog.witnesses()) };
      },
    }),
    endpoint({
      method: 'get',
      path: '/log/proof',
      role: 'viewer',
      summary:
        'Proof (RFC 6962) that the log of "size" entries holds entry "sequence", or begins with the log of "first"',
      input: {
        query: z.strictObject({
          size: entryNumber,
          sequence: entryNumber.optional(),
          first: entryNumber.optional(),
        }),
      },
      output: logProofView,
      async handler({ query: { size, sequence, first } }) {
        if ((sequence === undefined) === (first === undefined))
          throw badInput('query', 'give either "sequence" or "first"');
        const now = await provenLog.size();
        if (size > now) throw badInput('query.size', `the log has ${now} entries`);
        if (sequence !== undefined && sequence >= size)
          throw badInput('query.sequence', `must be below "size", which is ${size}`);
        if (first !== undefined && first > size)
          throw badInput('query.first', `must not be above "size", which is ${size}`);
        const proof =
          sequence === undefined
            ? provenLog.consistency(first ?? 0, size)
            : provenLog.inclusion(sequence, size);
        const { hashes, ...head } = await orDamaged(proof);
        return { ...head, hashes: [...hashes] };
      },
    }),
    endpoint({
      method: 'get',
      path: '/log/entries',
      role: 'manager',
      summary:
        'Entries of the log with the data that their leaves are made of, from a number on or of one row',
      input: {
        query: z.strictObject({
          ...pageQuery,
          from: entryNumber.optional(),
          kind: z.string().optional(),
          ref: z.string().optional(),
        }),
      },
      output: page(logEntryView),
      csv: true,
      async handler({ query: { cursor, limit, from, kind, ref } }) {
        if ((kind === undefined) !== (ref === undefined))
          throw badInput('query', 'give "kind" and "ref" together');
        if (kind !== undefined && ref !== undefined) {
          const sequence = await provenLog.find(kind, ref);
          return { items: sequence === undefined ? [] : await provenLog.entries(sequence, 1), next: null };
        }
        const [start] = decodeCursor(cursor, z.tuple([z.int().min(0)])) ?? [from ?? 0];
        const rows = await provenLog.entries(start, limit + 1);
        return pageOf(rows, limit, { view: (row) => row, place: ({ sequence }) => [sequence + 1] });
      },
    }),
    ...verificationEndpoints(verifications),
    ...witnessEndpoints(provenLog),
  ];
}

function verificationEndpoints(verifications: AuditServices['verifications']): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/log/verification',
      role: 'manager',
      summary: 'The verification of the whole log that runs, and what the last one found',
      input: {},
      output: logVerificationView,
      handler: () => verifications.view(),
    }),
    endpoint({
      method: 'post',
      path: '/log/verification',
      role: 'manager',
      summary: 'Read every value of the log again, beside the running server; one at a time',
      input: {},
      output: logVerificationView,
      status: 202,
      handler({ user }) {
        if (!verifications.start(user.name)) throw conflict('a verification is running already');
        return verifications.view();
      },
    }),
  ];
}

/** A remote collector keeps and countersigns checkpoints, in the name of its token. */
function witnessEndpoints(provenLog: LogService): Endpoint[] {
  return [
    collectorEndpoint({
      method: 'get',
      path: '/log/witness',
      summary:
        'For a collector: the newest checkpoint, and the proof that it continues the log of "first" entries',
      input: { query: z.strictObject({ first: entryNumber }) },
      output: witnessed,
      async handler({ query: { first }, user }) {
        const checkpoint = await provenLog.checkpoint();
        const size = checkpoint?.size ?? 0;
        // A log that has become shorter has no proof; the witness sees that it is.
        const proof = first > size ? undefined : await orDamaged(provenLog.consistency(first, size));
        return {
          name: user.collector,
          publicKey: provenLog.publicKey,
          checkpoint: checkpoint === undefined ? null : { note: checkpoint.note },
          hashes: [...(proof?.hashes ?? [])],
        };
      },
    }),
    collectorEndpoint({
      method: 'post',
      path: '/log/witness',
      summary: "A collector's countersignature of a checkpoint, or why it gives none",
      input: { body: witnessAnswer },
      output: z.undefined(),
      async handler({ body, user }) {
        if ('problem' in body) {
          provenLog.report(`witness ${user.collector}: ${body.problem}`);
          return undefined;
        }
        const refusal = await provenLog.addCountersignature({ name: user.collector, ...body });
        if (refusal !== undefined) throw conflict(refusal);
        return undefined;
      },
    }),
  ];
}

/** With the lines of those witnesses whose last countersignature is of this checkpoint. */
function countersigned(
  checkpoint: { readonly number: number; readonly note: string },
  witnesses: readonly { readonly number: number; readonly line: string }[],
): string {
  const lines = witnesses.filter(({ number }) => number === checkpoint.number).map(({ line }) => `${line}\n`);
  return checkpoint.note + lines.join('');
}

async function orDamaged(proof: Promise<LogProof>): Promise<LogProof> {
  try {
    return await proof;
  } catch (error) {
    if (error instanceof LogDamaged) throw conflict(`${error.message}: run "pantau verify-log"`);
    throw error;
  }
}
