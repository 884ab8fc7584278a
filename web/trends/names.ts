import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { z } from 'zod';
import { partName } from '../../config/schema/part-names.ts';
import { stateName, withWord } from '../../domain/devices.ts';
import type { FoundPoint } from '../../server/contracts/point-search.ts';
import { useLabel } from '../format/FormatContext.tsx';
import { useSites } from '../api/queries.ts';

/** A point as people call it: `Suhu · Sensor iklim A01 · DC`. */
export function usePointName(): (point: FoundPoint) => string {
  const { t } = useTranslation();
  const label = useLabel();
  const sites = useSites().data;
  return useMemo(() => {
    const names = new Map((sites ?? []).map(({ id, name }) => [id, name]));
    return ({ site, owner, ownerName, part, quantity }) =>
      [
        t([`quantity.${quantity}`, quantity]),
        owner === 'site' ? null : label(ownerName),
        part === null ? null : label(partName(part)),
        names.get(site) ?? site,
      ]
        .filter((step) => step !== null)
        .join(' · ');
  }, [t, label, sites]);
}

/** Words of a point's states in the page's language; null for numbers. */
export function useStateWords(): (point: FoundPoint) => ReadonlyMap<number, string> | null {
  const { t } = useTranslation();
  return useMemo(
    () =>
      ({ states, words, quantity }) => {
        if (states === null) return quantity === 'link' ? new Map([[0, t('state.lost')], [1, t('state.ok')]]) : null; // prettier-ignore
        return new Map(
          Object.keys(states).map((code) => {
            const name = stateName(states, Number(code));
            return [Number(code), withWord(t([`state.${name}`, name]), words?.[code])];
          }),
        );
      },
    [t],
  );
}

const groups = z.object({
  quantity: z.record(z.string(), z.string()),
  kind: z.record(z.string(), z.string()),
});

/** Names of quantities and kinds of devices in the page's language, by their ids. */
export function useSearchedNames(): {
  readonly quantities: Readonly<Record<string, string>>;
  readonly kinds: Readonly<Record<string, string>>;
} {
  const { i18n } = useTranslation();
  const { language } = i18n;
  return useMemo(() => {
    const { quantity, kind } = groups.parse(i18n.getResourceBundle(language, 'translation'));
    return { quantities: quantity, kinds: kind };
  }, [i18n, language]);
}
