import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bsreSigner } from '../../../server/loadtest/signing/bsre.ts';
import { localKeySigner } from '../../../server/loadtest/signing/local-key.ts';
import { SigningFailed } from '../../../server/loadtest/signing/signer.ts';
import { paragraph } from '../../../server/reports/pdf/blocks.ts';
import { createSheet } from '../../../server/reports/pdf/sheet.ts';
import { peer } from '../../support/peers.ts';
import { startBsreGateway, type BsreGateway } from './bsre-gateway.ts';
import { madeKey, passphrase } from './keys.ts';

const now = Date.now();
let pdf: Uint8Array;
let key: Uint8Array;

beforeAll(async () => {
  const sheet = createSheet({
    title: 'Laporan', subtitle: 'uji', language: 'id', footer: 'Pantau DC', isArchive: true,
    pageText: (page, of) => `${page}/${of}`, at: new Date(now),
  }); // prettier-ignore
  paragraph(sheet, 'Isi laporan.');
  sheet.attach({
    name: 'data.csv',
    type: 'text/csv',
    bytes: Buffer.from('point,time,value\n'),
    description: 'data',
  });
  pdf = await sheet.finish();
  key = madeKey(now);
});

const request = () => ({ pdf, reason: 'Uji beban', signedBy: 'andi', at: now });

describe('a report for the archive', () => {
  it('says that it is PDF/A-3b, has a colour profile, its fonts and the attached file inside', () => {
    const text = Buffer.from(pdf).toString('latin1');
    expect(text).toMatch(/\/OutputIntents? /);
    expect(text).toContain('/GTS_PDFA1');
    expect(text).toContain('<pdfaid:part>3</pdfaid:part>');
    expect(text).toContain('<pdfaid:conformance>B</pdfaid:conformance>');
    expect(text).toContain('/AFRelationship /Data');
    const fonts = text.match(/\/Type \/FontDescriptor/g) ?? [];
    expect(fonts.length).toBeGreaterThan(0);
    expect(text.match(/\/FontFile[23]? \d/g)).toHaveLength(fonts.length);
  });
});

describe('a key of the installation', () => {
  it('makes a signature that poppler finds whole', async (context) => {
    const pdfsig = peer(context, 'pdfsig');
    const signed = await localKeySigner(key, passphrase, now).sign(request());
    expect(signed.evidence).toBe('CN=Pantau DC uji');
    const file = join(mkdtempSync(join(tmpdir(), 'pantau-sign-')), 'signed.pdf');
    writeFileSync(file, signed.pdf);
    const found = execFileSync(pdfsig, ['-nocert', file], { encoding: 'utf8' });
    expect(found).toContain('Signature is Valid.');
    expect(found).toContain('ETSI.CAdES.detached');
    expect(found).toContain('Pantau DC uji');
    const broken = Buffer.from(signed.pdf);
    broken[broken.indexOf('Producer')] = 0x71;
    writeFileSync(file, broken);
    expect(execFileSync(pdfsig, ['-nocert', file], { encoding: 'utf8' })).not.toContain(
      'Signature is Valid.',
    );
  });

  it('is refused when it does not open or its certificate has expired', () => {
    expect(() => localKeySigner(key, 'salah', now)).toThrow(/does not open.*signing.localKey.passphrase/);
    expect(() => localKeySigner(Buffer.from('no key'), passphrase, now)).toThrow(SigningFailed);
    expect(() => localKeySigner(key, passphrase, now + 400 * 86_400_000)).toThrow(/expired/);
  });
});

describe('the gateway of the BSrE', () => {
  let gateway: BsreGateway;
  beforeAll(async () => {
    gateway = await startBsreGateway();
  });
  afterAll(() => gateway.close());

  const signer = (password = gateway.access.password) => bsreSigner({ ...gateway.access, password });
  const nik = '3174000000000001';

  it('gives the signed file and the id of the document', async () => {
    const signed = await signer().sign({ ...request(), nik, passphrase: 'frasa' });
    expect(Buffer.from(signed.pdf).toString('latin1').endsWith('% signed\n')).toBe(true);
    expect(signed.evidence).toBe('dok-1');
  });

  it.each([
    ['a wrong passphrase', 'person', { nik, passphrase: 'salah' }, /Passphrase anda salah.*Check identity number/],
    ['an unknown person', 'person', { nik: '9999999999999999', passphrase: 'frasa' }, /User tidak terdaftar/],
    ['no passphrase', 'person', { nik }, /needs the identity number/],
    ['an answer without a PDF', 'service', { nik: '6666666666666666', passphrase: 'frasa' }, /without a signed PDF/],
    ['a failing gateway', 'service', { nik: '5555555555555555', passphrase: 'frasa' }, /failed .*Try again later/],
  ] as const)('says what to do after %s', async (_case, fault, secrets, message) => {
    const error: unknown = await signer().sign({ ...request(), ...secrets }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SigningFailed);
    expect(error).toMatchObject({ fault, message: expect.stringMatching(message) });
  }); // prettier-ignore

  it('is told apart from a person when it refuses the installation or is away', async () => {
    const secrets = { nik, passphrase: 'frasa' };
    await expect(signer('lain').sign({ ...request(), ...secrets })).rejects.toThrow(
      /refuses this installation/,
    );
    const away = bsreSigner({ url: 'http://127.0.0.1:9', user: 'pantau', password: 'sandi' });
    await expect(away.sign({ ...request(), ...secrets })).rejects.toThrow(
      /does not answer; nothing was signed/,
    );
  });
});
