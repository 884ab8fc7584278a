import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { attachmentView } from '../../server/contracts/handling.ts';
import { useApi } from '../api/queries.ts';
import { useMay } from '../app/session.tsx';
import { useFormat } from '../format/FormatContext.tsx';
import { Failed } from '../parts/Failed.tsx';
import { UploadProgress } from '../parts/UploadProgress.tsx';
import { attachmentsQuery } from './queries.ts';

const mostBytes = 10 * 1_024 * 1_024;

/** Files of an incident: photographs, reports of suppliers. */
export function Attachments({ incident }: { incident: string }): ReactNode {
  const { t } = useTranslation();
  const format = useFormat();
  const api = useApi();
  const queries = useQueryClient();
  const mayAdd = useMay('operator');
  const [share, setShare] = useState<number | null>(null);
  const chosen = useRef<HTMLInputElement>(null);
  const files = useQuery(attachmentsQuery(api, incident));
  const add = useMutation({
    async mutationFn(file: File) {
      if (file.size > mostBytes) throw new Error(t('files.tooLarge'));
      const about = new URLSearchParams({ name: file.name });
      return api.upload(`incidents/${encodeURIComponent(incident)}/attachments?${about.toString()}`, file, {
        schema: attachmentView,
        onProgress: setShare,
      });
    },
    onSettled() {
      setShare(null);
      if (chosen.current !== null) chosen.current.value = '';
      void queries.invalidateQueries({ queryKey: ['attachments', incident] });
      void queries.invalidateQueries({ queryKey: ['incident', incident] });
    },
  });
  return (
    <section className="panel">
      <h2>{t('files.title')}</h2>
      {files.data?.length === 0 ? <p className="note">{t('files.none')}</p> : null}
      <ul className="plain">
        {files.data?.map(({ id, name, bytes, addedAt, addedBy }) => (
          <li key={id}>
            <a href={`/api/v1/incidents/${encodeURIComponent(incident)}/attachments/${encodeURIComponent(id)}`} download>
              <b dir="auto">{name}</b>
            </a>
            <small>
              {format.number(bytes / 1_024, 0)} kB · {addedBy} · {format.moment(Date.parse(addedAt))}
            </small>
          </li>
        ))}
      </ul>
      {mayAdd ? (
        <label className="field">
          {t('files.add')}
          <input
            ref={chosen}
            type="file"
            accept=".pdf,.png,.jpg,.jpeg,.txt,.csv"
            disabled={add.isPending}
            onChange={({ target }) => {
              const file = target.files?.[0];
              if (file !== undefined) add.mutate(file);
            }}
          />
        </label>
      ) : null}
      <UploadProgress share={share} />
      <Failed error={add.error} />
    </section>
  ); // prettier-ignore
}
