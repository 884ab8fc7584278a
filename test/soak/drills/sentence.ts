/** Whether a title is the expected sentence, alone or before what else there is of the incident; `#` stands for a measured number. */
export function isSentence(title: string, expected: string): boolean {
  return new RegExp(`^${expected.split('#').map(literally).join('[\\d.,]+')}(;|$)`).test(title);
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
