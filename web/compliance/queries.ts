import { queryOptions } from '@tanstack/react-query';
import { page } from '../../server/contracts/common.ts';
import {
  complianceDocumentView,
  complianceProgressView,
  complianceView,
  documentKindView,
} from '../../server/contracts/compliance.ts';
import { operationsView } from '../../server/contracts/operations.ts';
import { reportsView } from '../../server/contracts/reports.ts';
import type { Api } from '../api/client.ts';

export const complianceKey = ['compliance'] as const;
export const documentsKey = ['compliance-documents'] as const;
export const reportsKey = ['monthly-reports'] as const;

export function complianceSearch(site: string, month: string): string {
  return new URLSearchParams({ site, month }).toString();
}

/** The verdicts of now are renewed once a minute. */
export const complianceQuery = (api: Api, site: string, month: string) =>
  queryOptions({
    queryKey: [...complianceKey, site, month],
    queryFn: () => api.get(`compliance?${complianceSearch(site, month)}`, complianceView),
    staleTime: 30_000,
    refetchInterval: 60_000,
    enabled: site !== '',
  });

export const progressQuery = (api: Api, isAsked: boolean) =>
  queryOptions({
    queryKey: ['compliance-progress'],
    queryFn: () => api.get('compliance/progress', complianceProgressView),
    refetchInterval: 1_000,
    enabled: isAsked,
  });

export const documentsQuery = (api: Api, site: string) =>
  queryOptions({
    queryKey: [...documentsKey, site],
    queryFn: () =>
      api.get(`compliance/documents?site=${encodeURIComponent(site)}`, page(complianceDocumentView)),
    enabled: site !== '',
  });

export const documentKindsQuery = (api: Api) =>
  queryOptions({
    queryKey: ['compliance-document-kinds'],
    queryFn: () => api.get('compliance/document-kinds', page(documentKindView)),
    staleTime: Infinity,
  });

export const monthlyReportsQuery = (api: Api) =>
  queryOptions({
    queryKey: reportsKey,
    queryFn: () => api.get('reports', reportsView),
    refetchInterval: 30_000,
  });

export const operationsQuery = (api: Api, month: string) =>
  queryOptions({
    queryKey: ['operations', month],
    queryFn: () => api.get(`operations?month=${month}`, operationsView),
    staleTime: 300_000,
  });
