import type { SignatureForm } from '../../contracts/load-test-document.ts';

/** A signature was not made; the message says what to do. `person`: what was entered is wrong; `service`: the signer is not there. */
export class SigningFailed extends Error {
  override readonly name = 'SigningFailed';
  readonly fault: 'person' | 'service';
  constructor(fault: 'person' | 'service', message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

interface SigningRequest {
  /** The printed report, as it is signed. */
  readonly pdf: Uint8Array;
  readonly reason: string;
  readonly signedBy: string;
  readonly at: number;
  /** Of the person's certificate at the BSrE. */
  readonly nik?: string | undefined;
  readonly passphrase?: string | undefined;
}

interface Signed {
  readonly pdf: Uint8Array;
  /** What the signer answered: a certificate's subject, a document's id. */
  readonly evidence: string;
}

/** Signs a PDF. The form `application` needs none: it is an entry of the log. */
export interface PdfSigner {
  readonly form: Exclude<SignatureForm, 'application'>;
  /** Rejects with SigningFailed. */
  sign(request: SigningRequest, signal?: AbortSignal): Promise<Signed>;
}
