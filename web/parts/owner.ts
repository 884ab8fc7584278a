/** A device's id in capitals, as on its plate; a rack's label as it is. */
export function ownerText(owner: string): string {
  return /^[a-z]/.test(owner) ? owner.toUpperCase() : owner;
}
