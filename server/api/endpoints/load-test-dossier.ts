import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { Model } from '../../../config/model.ts';
import type { Auth } from '../../auth/auth.ts';
import type { Person } from '../../auth/identity.ts';
import {
  closingInput,
  correctionInput,
  deficiencyInput,
  deficiencyView,
  loadTestProof,
  loadTestView,
  signInput,
} from '../../contracts/load-test-document.ts';
import { endpoint, publicEndpoint, type Endpoint } from '../../http/endpoint.ts';
import { FileAnswer, fileOutput } from '../../http/file.ts';
import { badInput, conflict, notFound, ProblemError } from '../../http/problem.ts';
import { rightsOf } from '../../incidents/rights.ts';
import { DossierRefused } from '../../loadtest/dossier.ts';
import type { Reader } from '../../loadtest/names.ts';
import type { LoadTests } from '../../loadtest/service.ts';
import { SignedFileMissing } from '../../loadtest/signatures.ts';
import { SigningFailed } from '../../loadtest/signing/signer.ts';

export interface LoadTestDossierServices {
  /** Absent: the installation has no criteria of load tests. */
  readonly loadTests?: Pick<LoadTests, 'dossier' | 'reports'> | undefined;
  readonly model: Pick<Model, 'people'>;
  readonly auth: Pick<Auth, 'signIn'>;
  readonly throttle: readonly RequestHandler[];
}

const id = z.string().min(1).max(100);
const params = z.strictObject({ id });
const revision = z.coerce.number().int().min(1).max(10_000).optional();
const fileQuery = z.strictObject({ language: z.enum(['id', 'en']).default('id'), revision });
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** The report of a run: what people add, its files, signatures, corrections, and the check that anybody can make. */
export function loadTestDossierEndpoints({ model, loadTests, auth, throttle }: LoadTestDossierServices): Endpoint[] {
  const readerOf = (user: Person): Reader => ({
    seesNames: rightsOf(model.people?.persons ?? [], user, ['see-identities']).length > 0,
  });
  async function done<Result>(what: string, work: Promise<Result | undefined> | undefined): Promise<Result> {
    const result = await work?.catch(refused);
    if (result === undefined) throw notFound(`no ${what}`);
    return result;
  }
  async function file(type: 'pdf' | 'xlsx', test: string, query: z.output<typeof fileQuery>, user: Person): Promise<FileAnswer> {
    const options = { language: query.language, revision: query.revision, ...readerOf(user) };
    const view = await done(`load test ${test}`, loadTests?.dossier.view(test, options, query.revision));
    const body = await done(`load test ${test}`, loadTests?.reports[type](test, options));
    const word = query.language === 'id' ? 'uji-beban' : 'load-test';
    const name = `${word}-${view.site}-${view.from.slice(0, 10)}-r${view.revision}.${type}`;
    return new FileAnswer({ type: type === 'pdf' ? 'application/pdf' : xlsx, name, body });
  }
  return [
    endpoint({
      method: 'get',
      path: '/load-tests/:id',
      role: 'viewer',
      summary: 'One run (witnesses and signers by initials without the right "see-identities"): phases, criteria, curves, coverage, and what belongs to its report; the latest revision unless one is named',
      input: { params, query: z.strictObject({ revision }) },
      output: loadTestView,
      handler: ({ params: { id: test }, query, user }) =>
        done(`load test ${test}`, loadTests?.dossier.view(test, readerOf(user), query.revision)),
    }),
    endpoint({
      method: 'get',
      path: '/load-tests/:id/report.pdf',
      role: 'viewer',
      summary: 'The report of a run to print, A4, PDF/A-3b with its readings inside; as it was signed, where a file was signed and the reader may see identities',
      input: { params, query: fileQuery },
      output: fileOutput,
      file: 'application/pdf',
      heavy: true,
      handler: ({ params: { id: test }, query, user }) => file('pdf', test, query, user),
    }),
    endpoint({
      method: 'get',
      path: '/load-tests/:id/report.xlsx',
      role: 'viewer',
      summary: 'The report of a run for a spreadsheet, with its readings at even steps',
      input: { params, query: fileQuery },
      output: fileOutput,
      file: xlsx,
      heavy: true,
      handler: ({ params: { id: test }, query, user }) => file('xlsx', test, query, user),
    }),
    endpoint({
      method: 'post',
      path: '/load-tests/:id/deficiencies',
      role: 'operator',
      summary: 'Add what a run found wanting, with its owner and due date; until the report is signed',
      input: { params, body: deficiencyInput },
      output: deficiencyView,
      status: 201,
      handler: ({ params: { id: test }, body, user }) =>
        done(`load test ${test}`, loadTests?.dossier.addDeficiency(test, body, user.name)),
    }),
    endpoint({
      method: 'post',
      path: '/load-test-deficiencies/:id/close',
      role: 'operator',
      summary: 'Close a deficiency with what was done; signed reports stay as they are',
      input: { params, body: closingInput },
      output: deficiencyView,
      handler: ({ params: { id: which }, body: { closing }, user }) =>
        done(`deficiency ${which}`, loadTests?.dossier.closeDeficiency(which, { actor: user.name, closing })),
    }),
    endpoint({
      method: 'post',
      path: '/load-tests/:id/revisions',
      role: 'manager',
      summary: 'Correct a report: judged again as the next revision, with the reason; the one before stays',
      input: { params, body: correctionInput },
      output: loadTestView,
      status: 201,
      heavy: true,
      handler: ({ params: { id: test }, body: { reason }, user }) =>
        done(`load test ${test}`, loadTests?.reports.correct(test, { reason, actor: user.name }, readerOf(user))),
    }),
    endpoint({
      method: 'post',
      path: '/load-tests/:id/signatures',
      role: 'operator',
      summary: 'Sign the latest revision, with the password entered again; from the first signature on it stays as it is',
      input: { params, body: signInput },
      output: loadTestView,
      status: 201,
      heavy: true,
      guards: throttle,
      async handler({ params: { id: test }, body, user }) {
        await checkPassword(auth, user, body.password);
        const { form, nik, passphrase } = body;
        return done(`load test ${test}`, loadTests?.reports.sign(test, { form, user: user.name, nik, passphrase }, readerOf(user)));
      },
    }),
    publicEndpoint({
      method: 'get',
      path: '/verify/load-tests/:id/:revision',
      summary: 'Whether a printed report is the one on record; nothing personal but the initials of those who signed',
      input: { params: z.strictObject({ id, revision: z.coerce.number().int().min(1).max(10_000) }) },
      output: loadTestProof,
      guards: throttle,
      handler: ({ params: { id: test, revision: number } }) =>
        done('such report', loadTests?.dossier.proof(test, number)),
    }),
  ];
} // prettier-ignore

/** A signature is a person's: a token cannot give one. */
async function checkPassword(auth: Pick<Auth, 'signIn'>, user: Person, password: string): Promise<void> {
  if (user.by !== 'session') throw new ProblemError(403, { detail: 'a token cannot sign; sign in as a person' });
  if ((await auth.signIn(user.name, password)) === undefined) throw badInput('body.password', 'the password is wrong');
} // prettier-ignore

function refused(error: unknown): never {
  if (error instanceof DossierRefused) throw conflict(error.message);
  if (error instanceof SignedFileMissing) throw new ProblemError(500, { detail: error.message });
  if (error instanceof SigningFailed)
    throw error.fault === 'person'
      ? conflict(error.message, 'signing-refused')
      : new ProblemError(502, { detail: error.message });
  throw error;
}
