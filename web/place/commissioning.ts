import { queryOptions } from '@tanstack/react-query';
import {
  commissioningSummary,
  commissioningView,
  type CommissioningVerdict,
  type ReadValue,
} from '../../server/contracts/commissioning.ts';
import type { Api } from '../api/client.ts';
import { all } from '../api/queries.ts';

const key = 'commissioning';

export function commissioningPath(site: string, device: string): string {
  return `commissioning/${encodeURIComponent(site)}/${encodeURIComponent(device)}`;
}

export const commissioningQuery = (api: Api, site: string, device: string) =>
  queryOptions({
    queryKey: [key, site, device],
    queryFn: () => api.get(commissioningPath(site, device), commissioningView),
  });

/** State of every device. */
export const commissionedQuery = (api: Api) =>
  queryOptions({
    queryKey: [key],
    queryFn: () => all(api, 'commissioning?limit=5000', commissioningSummary),
    staleTime: 60_000,
  });

export interface Choice {
  readonly verdict: CommissioningVerdict;
  /** What the device's display shows. */
  readonly shown: string;
}
export type Choices = Readonly<Record<string, Choice>>;

/** Values that still want a verdict, or what the device shows where it differs. */
export function openValues(values: readonly ReadValue[], choices: Choices): number {
  return values.filter(({ point, value }) => {
    const choice = choices[point];
    if (choice === undefined) return value !== null;
    return choice.verdict === 'differs' && choice.shown.trim() === '';
  }).length;
}

/** Most displays show a few values only: what was not judged is not shown. */
export function restUnseen(values: readonly ReadValue[], choices: Choices): Choices {
  const rest = values.filter(({ point, value }) => value !== null && choices[point] === undefined);
  const unseen: Choice = { verdict: 'unseen', shown: '' };
  return { ...choices, ...Object.fromEntries(rest.map(({ point }) => [point, unseen])) };
}
