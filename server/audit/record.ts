import { hash } from 'node:crypto';
import { leafHash, type Hash } from '../../core/log/tree.ts';

/** What the log proves, by the table that holds it. */
export const logKinds = [
  'key',
  'access-event',
  'audit',
  'ticket-event',
  'handover-out',
  'handover-in',
  'identity-lookup',
  'erasure',
  'load-test-signature',
] as const;
export type LogKind = (typeof logKinds)[number];

export type Columns = Readonly<Record<string, string | number | null>>;

/**
 * A row as the log reads it. Personal fields are named like `attributes.card`: the leaf holds a commitment to each, so that a value can be
 * erased without breaking a proof.
 */
export interface Provable {
  readonly ref: string;
  /** The personal fields that have a value. */
  readonly personal: Readonly<Record<string, string>>;
  /** Its personal values were replaced by those of a later entry, and their salts are gone. */
  readonly isSuperseded?: boolean;
  /** All columns, without those personal fields. */
  columnsWithout(fields: readonly string[]): Columns;
}

/** Of one personal field: what the leaf holds, and the salt until the value is erased. */
export interface Commitment {
  readonly field: string;
  readonly salt: string | null;
  readonly commitment: Hash;
}

/** The salt (text: 16 random bytes in base64, so always 24 characters) keeps anybody from finding a card number by trying all of them. */
export function commit(value: string, salt: string): Hash {
  return hash('sha256', salt + value, 'base64');
}

/**
 * The bytes whose hash is the leaf: one line of JSON. Columns without a value are left out, so that a column which is added later changes
 * no leaf of before.
 */
export function leafData(
  entry: { readonly sequence: number; readonly kind: string; readonly ref: string },
  columns: Columns,
  commitments: readonly Pick<Commitment, 'field' | 'commitment'>[],
): string {
  const { sequence, kind, ref } = entry;
  const values: [string, string | number][] = [];
  for (const name of Object.keys(columns).sort()) {
    const value = columns[name];
    if (value !== null && value !== undefined) values.push([name, value]);
  }
  const committed = commitments.map(({ field, commitment }) => [field, commitment] as const);
  if (committed.length > 1) committed.sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([sequence, kind, ref, values, committed]);
}

export function leafOf(
  entry: { readonly sequence: number; readonly kind: string; readonly ref: string },
  row: Provable,
  commitments: readonly Pick<Commitment, 'field' | 'commitment'>[],
): Hash {
  const columns = row.columnsWithout(commitments.map(({ field }) => field));
  return leafHash(leafData(entry, columns, commitments));
}
