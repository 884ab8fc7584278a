import { createServer, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { z } from 'zod';

export interface BsreGateway {
  /** As `signing.bsre` of the model has it. */
  readonly access: { readonly url: string; readonly user: string; readonly password: string };
  close(): void;
}

const asked = z.object({
  nik: z.string(),
  passphrase: z.string(),
  file: z.array(z.string()).length(1),
  signatureProperties: z.array(z.object({ tampilan: z.literal('INVISIBLE') })),
});
const [user, password] = ['pantau', 'sandi'];

async function answer(message: IncomingMessage): Promise<[number, object | string]> {
  const basic = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  if (message.headers.authorization !== basic) return [401, { error: 'Unauthorized' }];
  if (message.url !== '/api/v2/sign/pdf') return [404, { error: 'Not Found' }];
  const { nik, passphrase, file } = asked.parse(await json(message));
  if (nik === '9999999999999999') return [400, { status_code: 2011, error: 'User tidak terdaftar' }];
  if (nik === '5555555555555555') return [502, 'bad gateway'];
  if (nik === '6666666666666666')
    return [200, { time: 1, file: [Buffer.from('not a pdf').toString('base64')] }];
  if (passphrase !== 'frasa') return [400, { status_code: 2031, error: 'Passphrase anda salah' }];
  const signed = Buffer.concat([Buffer.from(file[0] ?? '', 'base64'), Buffer.from('% signed\n')]);
  return [200, { time: 512, file: [signed.toString('base64')] }];
}

/** A gateway that behaves as the public documentation of the Esign Client Service says (version 2); the passphrase is `frasa`. */
export async function startBsreGateway(): Promise<BsreGateway> {
  const gateway = createServer((message, response) => {
    void (async () => {
      const [status, body] = await answer(message);
      response.writeHead(status, { 'content-type': 'application/json', id_dokumen: 'dok-1' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    })();
  });
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  const address = gateway.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return {
    access: { url: `http://127.0.0.1:${port}`, user, password },
    close: () => {
      gateway.close();
    },
  };
}
