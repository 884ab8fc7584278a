import { useTranslation } from 'react-i18next';

/** Display name of a collector; the local one has no configured name. */
export function useCollectorName(): (name: string) => string {
  const { t } = useTranslation();
  return (name) => (name === 'local' ? t('collectors.local') : name);
}
