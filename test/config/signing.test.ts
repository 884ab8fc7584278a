import { expect, test } from 'vitest';
import { problemsWith } from './support.ts';

const signing = (...lines: string[]) => ({
  'pantau.yaml': (text: string): string => `${text}signing:\n${lines.map((line) => `  ${line}\n`).join('')}`,
});
const bsre = 'bsre: { url: https://esign.example.go.id, user: pantau, password: { env: SANDI } }';

test('signing is refused with the place and the remedy', () => {
  expect(problemsWith(signing('localKey: { file: keys/a.p12, passphrase: { env: FRASA } }'))).toEqual([
    'config/pantau.yaml:6 signing.localKey.file: there is no file "keys/a.p12"; expected a PKCS #12 file (.p12) with the key and its certificate, relative to this folder',
    'config/pantau.yaml:6 signing.localKey.passphrase.env: environment variable FRASA is not set; expected the secret in it',
  ]);
  expect(problemsWith(signing(bsre))).toEqual([
    'config/pantau.yaml:6 signing.bsre.password.env: environment variable SANDI is not set; expected the secret in it',
  ]);
  expect(problemsWith(signing(bsre.replace('https://', 'ftp://')))[0]).toContain(
    'signing.bsre.url: "ftp://esign.example.go.id" is not valid',
  );
});

test('signing is taken when its secrets are set', () => {
  expect(problemsWith(signing(bsre), { env: { SANDI: 'rahasia' }, now: Date.UTC(2026, 10, 23) })).toEqual([]);
});
