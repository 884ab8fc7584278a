/** What every page behind sign-in asks for first, below `/api/v1/`. */
export const sessionPath = 'session';
export const sitesPath = 'sites';

export function sitePath(id: string): string {
  return `sites/${encodeURIComponent(id)}`;
}
