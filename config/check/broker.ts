import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { quote } from '../problem.ts';
import type { Path } from '../read/source.ts';
import type { BrokerEntry } from '../schema/site.ts';
import type { Report } from './report.ts';
import { reportUnset, type Secrets } from './secrets.ts';

interface BrokerContext {
  /** The configuration's folder. */
  readonly dir: string;
  /** Absent while the field is simulated: then certificates need not be there either. */
  readonly secrets: Secrets | undefined;
  readonly path: Path;
}

/** One broker of a site: its secrets are set, its certificates are there and are what they should be. */
export function checkBrokerEntry(broker: BrokerEntry, context: BrokerContext, report: Report): void {
  const { secrets } = context;
  reportUnset(secrets, broker.password, [...context.path, 'password'], report);
  const { tls } = broker;
  if (tls === undefined) return;
  const place = [...context.path, 'tls'];
  if (!broker.url.startsWith('mqtts:'))
    report(place, { found: 'needs an encrypted connection', expected: 'a url that begins with mqtts://' });
  if (tls.cert !== undefined && tls.key === undefined)
    report([...place, 'key'], { found: 'is missing', expected: 'the private key of the certificate' });
  if (tls.key !== undefined && tls.cert === undefined)
    report([...place, 'cert'], { found: 'is missing', expected: 'the certificate of the private key' });
  if (secrets === undefined) return;
  const pem = (name: 'ca' | 'cert' | 'key', file: string | undefined, what: PemKind): void => {
    if (file === undefined) return;
    const wrong = troubleOf(path.resolve(context.dir, file), what);
    if (wrong !== undefined)
      report([...place, name], {
        found: `${quote(file)} ${wrong}`,
        expected: `${pemKinds[what].expected}, relative to the configuration's folder`,
      });
  };
  pem('ca', tls.ca, 'certificate');
  pem('cert', tls.cert, 'certificate');
  if (typeof tls.key === 'object') reportUnset(secrets, tls.key, [...place, 'key'], report);
  else pem('key', tls.key, 'key');
}

type PemKind = 'certificate' | 'key';
const pemKinds: Readonly<
  Record<PemKind, { read: (text: string) => unknown; wrong: string; expected: string }>
> = {
  certificate: {
    read: (text) => new X509Certificate(text),
    wrong: 'holds no certificate',
    expected: 'a certificate in a PEM file',
  },
  key: {
    read: (text) => createPrivateKey(text),
    wrong: 'holds no private key without a passphrase',
    expected: 'a private key in a PEM file',
  },
};

function troubleOf(file: string, kind: PemKind): string | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return missing ? 'is missing' : 'cannot be read';
  }
  try {
    pemKinds[kind].read(text);
    return undefined;
  } catch {
    return pemKinds[kind].wrong;
  }
}
