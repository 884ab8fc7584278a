import { z } from 'zod';
import { SigningFailed, type PdfSigner } from './signer.ts';

const signedSchema = z.object({ file: z.array(z.base64()).min(1) });
const refusalSchema = z.object({
  error: z.string().optional(),
  message: z.string().optional(),
  status_code: z.number().optional(),
});

const longestMs = 60_000;

/**
 * Signs through the ministry's gateway of the BSrE (Esign Client Service, API version 2: `POST /api/v2/sign/pdf`): the certificate is the
 * person's and stays there; identity number and passphrase go through and are not kept.
 */
export function bsreSigner(options: {
  /** Of the gateway, without the path. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly fetch?: typeof fetch;
}): PdfSigner {
  const { url, user, password } = options;
  const ask = options.fetch ?? fetch;
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return {
    form: 'bsre',
    async sign({ pdf, reason, nik, passphrase }, signal) {
      if (nik === undefined || passphrase === undefined)
        throw new SigningFailed('person', 'a signature of the BSrE needs the identity number (NIK) and the passphrase of the certificate');
      const answer = await ask(`${url.replace(/\/+$/, '')}/api/v2/sign/pdf`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({
          nik,
          passphrase,
          signatureProperties: [{ tampilan: 'INVISIBLE', location: 'Jakarta', reason }],
          file: [Buffer.from(pdf).toString('base64')],
        }),
        redirect: 'error',
        signal: AbortSignal.any([AbortSignal.timeout(longestMs), ...(signal === undefined ? [] : [signal])]),
      }).catch((error: unknown) => {
        throw new SigningFailed('service', 'the gateway of the BSrE does not answer; nothing was signed. Try again, or sign in the application', { cause: error });
      });
      const body: unknown = await answer.json().catch(() => undefined);
      if (!answer.ok) throw refusal(answer.status, body);
      const signed = signedSchema.safeParse(body);
      const [file] = signed.success ? signed.data.file : [];
      const bytes = file === undefined ? undefined : Buffer.from(file, 'base64');
      if (bytes?.subarray(0, 5).toString('latin1') !== '%PDF-')
        throw new SigningFailed('service', 'the gateway of the BSrE answered without a signed PDF; nothing was kept. Ask whoever runs it');
      return { pdf: bytes, evidence: answer.headers.get('id_dokumen') ?? 'BSrE' };
    },
  };
} // prettier-ignore

function refusal(status: number, body: unknown): SigningFailed {
  const parsed = refusalSchema.safeParse(body);
  const said = parsed.success ? (parsed.data.error ?? parsed.data.message) : undefined;
  const detail = said === undefined ? `HTTP ${status}` : `"${said.slice(0, 200)}"`;
  if (status === 401 || status === 403)
    return new SigningFailed('service', `the gateway of the BSrE refuses this installation (${detail}); check signing.bsre in pantau.yaml and its password`);
  if (status >= 500 && said === undefined)
    return new SigningFailed('service', `the gateway of the BSrE failed (${detail}); nothing was signed. Try again later`);
  return new SigningFailed('person', `the BSrE did not sign: ${detail}. Check identity number and passphrase, and that the certificate is valid`);
} // prettier-ignore
