import { queryOptions } from '@tanstack/react-query';
import {
  auditEntryView,
  logEntryView,
  logProofView,
  logVerificationView,
  logView,
} from '../../server/contracts/audit.ts';
import { page } from '../../server/contracts/common.ts';
import type { Api } from '../api/client.ts';
import { addDays } from '../parts/days.ts';
import { provesEntry } from './inclusion.ts';

export const verificationKey = ['log', 'verification'] as const;
const whileRunningMs = 1_000;
const otherwiseMs = 30_000;

/** Name of a filter in the page's address → in the request. */
const auditFilters = { siapa: 'actor', apa: 'path', hal: 'subject', hasil: 'outcome' } as const;

/** The query of the request that a page's address asks for. */
export function auditRequest(search: URLSearchParams): string {
  const query = new URLSearchParams();
  for (const name of ['siapa', 'apa', 'hal', 'hasil'] as const) {
    const value = search.get(name)?.trim() ?? '';
    if (value !== '') query.set(auditFilters[name], value);
  }
  addDays(query, search);
  return query.toString();
}

/** Entries of the audit trail, newest first; `cursor` is where the page begins. */
export const auditQuery = (api: Api, query: string, cursor: string) =>
  queryOptions({
    queryKey: ['audit', query, cursor],
    queryFn: () =>
      api.get(
        `audit?limit=100&${query}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
        page(auditEntryView),
      ),
    refetchInterval: cursor === '' ? otherwiseMs : false,
  });

export const logQuery = (api: Api) =>
  queryOptions({ queryKey: ['log'], queryFn: () => api.get('log', logView), refetchInterval: otherwiseMs });

export const verificationQuery = (api: Api) =>
  queryOptions({
    queryKey: verificationKey,
    queryFn: () => api.get('log/verification', logVerificationView),
    refetchInterval: ({ state: { data } }) =>
      (data?.running ?? null) === null ? otherwiseMs : whileRunningMs,
  });

export type EntryProof =
  | { readonly state: 'missing' }
  /** It is newer than the newest checkpoint. */
  | { readonly state: 'unsigned'; readonly sequence: number }
  | {
      readonly state: 'included' | 'not-included' | 'unchecked';
      readonly sequence: number;
      readonly leaf: string;
      readonly checkpoint: { readonly number: number; readonly size: number; readonly root: string };
      readonly hashes: readonly string[];
      /** Where the proof can be taken along. */
      readonly file: string;
    };

/** Whether an entry of the audit trail is in the log that the newest checkpoint signs; computed in the browser. */
export const entryProofQuery = (api: Api, id: string) =>
  queryOptions({
    queryKey: ['audit', 'proof', id],
    queryFn: async (): Promise<EntryProof> => {
      const found = await api.get(`log/entries?kind=audit&ref=${encodeURIComponent(id)}`, page(logEntryView));
      const entry = found.items[0];
      if (entry === undefined || entry.data === null) return { state: 'missing' };
      const { sequence, leaf, data } = entry;
      const { checkpoint } = await api.get('log', logView);
      if (checkpoint === null || checkpoint.size <= sequence) return { state: 'unsigned', sequence };
      const { number, size, root } = checkpoint;
      const path = `log/proof?size=${size}&sequence=${sequence}`;
      const { hashes } = await api.get(path, logProofView);
      const proven = await provesEntry({ data, leaf, index: sequence, size, proof: hashes, root });
      return {
        state: proven === undefined ? 'unchecked' : proven ? 'included' : 'not-included',
        sequence,
        leaf,
        checkpoint: { number, size, root },
        hashes,
        file: `/api/v1/${path}`,
      };
    },
    staleTime: Infinity,
  });
