import { z } from 'zod';
import { secret } from './common.ts';

/** How reports are signed beside the signature in the application: `signing` of `pantau.yaml`. */
export const signingSchema = z.strictObject({
  /** A key of this installation, PKCS #12; the path is relative to the configuration folder. */
  localKey: z.strictObject({ file: z.string().min(1), passphrase: secret }).optional(),
  /** The ministry's gateway of the BSrE (Esign Client Service), without a path. */
  bsre: z
    .strictObject({
      url: z.url({ protocol: /^https?$/, error: 'expected https://host[:port]' }),
      user: z.string().min(1),
      password: secret,
    })
    .optional(),
});
export type SigningEntry = z.infer<typeof signingSchema>;
