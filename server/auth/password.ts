import { hash, verify } from '@node-rs/argon2';

/** argon2id with the library's defaults (19 MiB, 2 passes: OWASP's first recommendation). */
export function hashPassword(password: string): Promise<string> {
  return hash(password);
}

export interface PasswordChecker {
  /** `stored` undefined: there is no such user; it takes as long as a wrong password and is false. */
  check(stored: string | undefined, password: string): Promise<boolean>;
}

export async function passwordChecker(nobody: string): Promise<PasswordChecker> {
  const nobodysHash = await hashPassword(nobody);
  return {
    async check(stored, password) {
      const right = await verify(stored ?? nobodysHash, password);
      return right && stored !== undefined;
    },
  };
}
