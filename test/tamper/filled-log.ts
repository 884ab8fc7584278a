import { createHash, createPrivateKey } from 'node:crypto';
import { systemClock } from '../../core/clock.ts';
import { fieldEventRepository } from '../../server/access/field-events.ts';
import { createIdentityLookups } from '../../server/access/identities.ts';
import { ticketRepository } from '../../server/access/repository.ts';
import { countersign, publicKeyOf, type Signer } from '../../core/log/note.ts';
import { openLog, type LogService } from '../../server/audit/service.ts';
import { createAuditTrail } from '../../server/audit/trail.ts';
import type { Witness } from '../../server/audit/verify-checkpoints.ts';
import type { Database } from '../../server/db/schema.ts';
import { handoverRepository } from '../../server/people/handover-repository.ts';
import { capturedLog } from '../server/support/http.ts';

const now = Date.UTC(2026, 10, 23, 3);
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A key made of a name: the same in every run. */
function signerOf(name: string, seed: string): Signer {
  const secret = createHash('sha256').update(seed).digest();
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8Prefix, secret]), format: 'der', type: 'pkcs8' }); // prettier-ignore
  return { name, privateKey, publicKey: publicKeyOf(privateKey) };
}

/** `pantau/` and the beginning of its hash, as the product names it. */
export function serverSigner(seed: string): Signer {
  const { privateKey, publicKey } = signerOf('', seed);
  const hash = createHash('sha256').update(Buffer.from(publicKey, 'base64')).digest('hex');
  return { name: `pantau/${hash.slice(0, 8)}`, privateKey, publicKey };
}

export interface FilledLog {
  readonly service: LogService;
  readonly witness: Witness;
  readonly publicKey: string;
}

/**
 * A day of everything that the log covers, written by the product's own repositories, with a checkpoint after each part and a witness
 * that countersigned every one. Close `service`.
 */
export async function fillLog(
  db: Database,
  { events = 40 }: { readonly events?: number } = {},
): Promise<FilledLog> {
  const { log } = capturedLog();
  let at = now;
  const clock = { ...systemClock, now: () => (at += 1_000) };
  let drawn = 0;
  const randomBytes = (length: number): Uint8Array => createHash('sha256').update(String((drawn += 1))).digest().subarray(0, length); // prettier-ignore
  const signer = serverSigner('server');
  const service = await openLog({ db, clock, log, signer });
  const seen = signerOf('drc', 'witness');
  const kept: Witness['checkpoints'][number][] = [];

  async function checkpoint(): Promise<void> {
    await service.checkpointNow();
    const made = await service.checkpoint();
    if (made === undefined) throw new Error('no checkpoint was signed');
    const line = countersign(made.note, clock.now(), seen);
    await service.addCountersignature({ name: seen.name, key: seen.publicKey, number: made.number, line });
    const { number, size, root, note } = made;
    kept.push({ number, size, root, note, line });
  }

  const fieldEvents = fieldEventRepository(db);
  for (let first = 0; first < events; first += 10) {
    await fieldEvents.add(
      Array.from({ length: Math.min(10, events - first) }, (_, place) => {
        const number = first + place;
        return {
          id: `dc/door-a/${number}`,
          source: 'dc/door-a',
          at: clock.now(),
          kind: number % 3 === 0 ? 'door-opened' : 'access-granted',
          attributes:
            number % 3 === 0 ? { part: 'door-1' } : { part: 'door-1', card: `81650${number % 7}`, person: 'Budi Santoso', number }, // prettier-ignore
        };
      }),
      clock.now(),
    );
    await checkpoint();
  }

  const tickets = ticketRepository(db);
  for (const id of ['t1', 't2', 't3']) {
    await tickets.add([{
      ticket: {
        id, service: '3.1.1', site: 'dc', unit: 'Biro TIK', pic: 'Ana Wijaya', accompanied: 1, activity: 'Ganti disk',
        persons: JSON.stringify([{ name: 'Budi Santoso', identity: '3171234567890123', party: 'third-party' }]),
        from_at: now, to_at: now + 3_600_000, superior_email: 'kabag@example.go.id', created_at: now, created_by: 'ana', state: 'submitted',
        escort: null, answered_at: null, fulfilled_at: null, closed_at: null,
        checked_in_at: null, entered_at: null, takes_out: '[]', suppresses: null, pic_email: null, fields: '{}', reference: null, reference_at: null, series: null, series_at: null,
        rooms: id === 't1' ? ['hall-1', 'hall-2'] : [],
      },
      event: { id: `${id}-1`, ticket: id, at: clock.now(), action: 'submit', actor: 'ana', note: null },
    }]); // prettier-ignore
    const event = {
      id: `${id}-2`,
      ticket: id,
      at: clock.now(),
      action: 'approve',
      actor: 'eko',
      note: 'Setuju',
    } as const;
    await tickets.change(id, 'submitted', { change: { state: 'scheduled', escort: 'Eko', answered_at: clock.now() }, event }); // prettier-ignore
  }
  await createIdentityLookups({ db, clock, randomBytes }).record({
    tickets: ['t1'],
    user: 'eko',
    reason: 'Pemeriksaan',
  });
  await checkpoint();

  const handovers = handoverRepository(db);
  for (const shift of [1, 2]) {
    const id = `h${shift}`;
    await handovers.begin({
      id, shift: 'pagi', name_id: 'Pagi', name_en: 'Morning', team: 'A', members: '[]', from_at: now + shift, to_at: now + shift + 1,
      note: 'Tenang', content: null, out_person: null, out_user: null, out_at: null, in_person: null, in_user: null, in_at: null, in_remark: null,
    }); // prettier-ignore
    await handovers.signOut(id, {
      content: '{"open":[]}',
      out_person: 'eko',
      out_user: 'eko',
      out_at: clock.now(),
    });
    await handovers.signIn(id, {
      in_person: 'ana',
      in_user: 'ana',
      in_at: clock.now(),
      in_remark: 'Diterima',
    });
  }
  const trail = createAuditTrail({ db, clock, randomBytes, log });
  for (let number = 0; number < 8; number += 1)
    await trail.record({
      actor: 'eko', role: 'manager', address: '10.0.0.7', method: 'POST', path: '/incidents/:id/ack', params: { id: `i${number}` },
      body: { note: 'Dilihat' }, status: number === 5 ? 409 : 200, problem: number === 5 ? 'it is resolved' : null,
    }); // prettier-ignore
  await checkpoint();
  return {
    service,
    publicKey: signer.publicKey,
    witness: { name: seen.name, publicKey: seen.publicKey, serverKey: signer.publicKey, checkpoints: kept },
  };
}
