/** A site's name where there is room for a sign only: one that is longer is known by its id. */
export function signName({ id, name }: { readonly id: string; readonly name: string }): string {
  return name.length > 16 ? id : name;
}
