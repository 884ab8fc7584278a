import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format/FormatContext.tsx';

/** How much of a file has gone; null: nothing is being sent. */
export function UploadProgress({ share }: { share: number | null }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  if (share === null) return null;
  const percent = format.number(share * 100, 0);
  return (
    <label className="field">
      {t('upload.progress', { percent })}
      <progress value={share} max={1} />
    </label>
  );
}
