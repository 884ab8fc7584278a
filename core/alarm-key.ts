/** An alarm is one rule on one point: `rule@site/owner[/part]/quantity`. */

export function alarmKey(rule: string, point: string): string {
  return `${rule}@${point}`;
}

export function ruleOfAlarm(key: string): string {
  return key.slice(0, key.indexOf('@'));
}

export function pointOfAlarm(key: string): string {
  return key.slice(key.indexOf('@') + 1);
}

export function siteOfAlarm(key: string): string {
  const from = key.indexOf('@') + 1;
  const to = key.indexOf('/', from);
  return key.slice(from, to === -1 ? undefined : to);
}
