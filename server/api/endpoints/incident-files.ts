import { z } from 'zod';
import { attachmentsView, attachmentView } from '../../contracts/handling.ts';
import { FileRefused } from '../../../core/receive-file.ts';
import { AttachmentMissing, mostAttachmentBytes, type Attachments } from '../../incidents/attachments.ts';
import { endpoint, type Endpoint } from '../../http/endpoint.ts';
import { FileAnswer, fileOutput } from '../../http/file.ts';
import { notFound, ProblemError } from '../../http/problem.ts';
import { uploadProblem } from '../../http/upload.ts';
import { paperTypes } from '../../incidents/file-type.ts';
import { found, refused } from './incident-refusals.ts';

const id = z.string().min(1).max(100);
const params = z.strictObject({ id });
/** What is said of the file; the file itself is the body. */
const fileInput = z.strictObject({ name: z.string().trim().min(1).max(200) });

/** Files that belong to an incident; named people are in them, so they are not for the wall. */
export function incidentFileEndpoints({ attachments }: { readonly attachments: Attachments }): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/incidents/:id/attachments',
      role: 'viewer',
      summary: 'Files that were attached to an incident',
      input: { params },
      output: attachmentsView,
      handler: async ({ params: { id: incident } }) => ({ files: await attachments.list(incident) }),
    }),
    endpoint({
      method: 'post',
      path: '/incidents/:id/attachments',
      role: 'operator',
      summary: 'Attach a file of at most 10 MB: PDF, PNG, JPEG or plain text, told by its content',
      input: { params, query: fileInput },
      output: attachmentView,
      status: 201,
      upload: { types: [...paperTypes, 'text/plain'], mostBytes: mostAttachmentBytes },
      heavy: true,
      async handler({ params: { id: incident }, query: { name }, incoming, user }) {
        try {
          return found(
            incident,
            await refused(attachments.add(incident, { name, incoming, actor: user.name })),
          );
        } catch (error) {
          if (error instanceof FileRefused) throw uploadProblem(error);
          throw error;
        }
      },
    }),
    endpoint({
      method: 'get',
      path: '/incidents/:id/attachments/:file',
      role: 'viewer',
      summary: 'One file, to be saved',
      input: { params: z.strictObject({ id, file: id }) },
      output: fileOutput,
      file: 'application/octet-stream',
      async handler({ params: { id: incident, file } }) {
        try {
          const known = await attachments.read(incident, file);
          if (known === undefined) throw notFound(`incident ${incident} has no file ${file}`);
          return new FileAnswer({ type: known.view.type, name: known.view.name, body: known.bytes });
        } catch (cause) {
          if (cause instanceof AttachmentMissing)
            throw new ProblemError(410, { detail: cause.message, cause });
          throw cause;
        }
      },
    }),
  ];
}
