import { useTranslation } from 'react-i18next';

/** What people call a collector: the server's own has no name of its own. */
export function useCollectorName(): (name: string) => string {
  const { t } = useTranslation();
  return (name) => (name === 'local' ? t('collectors.local') : name);
}
