import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface Authority extends Certificate {
  /** Signs a certificate; `days` below 0: it has expired. */
  sign(name: string, options?: { days?: number }): Certificate;
  remove(): void;
}

/** A certificate authority of openssl's making, in a folder of its own. */
export function createAuthority(): Authority {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pantau-ca-'));
  const file = (name: string): string => path.join(folder, name);
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const own = { cert: file('ca.crt'), key: file('ca.key') };
  openssl('req', '-x509', ...newKey, '-days', '2', '-subj', '/CN=Test authority', '-keyout', own.key, '-out', own.cert); // prettier-ignore
  return {
    ...own,
    sign(name, { days = 1 } = {}) {
      const made = { cert: file(`${name}.crt`), key: file(`${name}.key`) };
      const request = file(`${name}.csr`);
      const names = file(`${name}.ext`);
      writeFileSync(names, `subjectAltName=DNS:${name},DNS:localhost\n`);
      openssl('req', ...newKey, '-subj', `/CN=${name}`, '-keyout', made.key, '-out', request);
      openssl('x509', '-req', '-in', request, '-CA', own.cert, '-CAkey', own.key, '-CAcreateserial', '-days', String(days), '-extfile', names, '-out', made.cert); // prettier-ignore
      return made;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
