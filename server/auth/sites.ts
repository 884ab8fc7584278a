import { z } from 'zod';

const siteList = z.array(z.string());

/** The sites that an account or a token is limited to, as they are stored; undefined: none. */
export function limitOf({ sites }: { readonly sites: string | null }): string[] | undefined {
  return sites === null ? undefined : siteList.parse(JSON.parse(sites));
}

/** For an identity: the limit, if there is one. */
export function limitedTo(row: { readonly sites: string | null }): { readonly sites?: readonly string[] } {
  const sites = limitOf(row);
  return sites === undefined ? {} : { sites };
}
