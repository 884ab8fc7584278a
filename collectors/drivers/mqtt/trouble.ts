/** Codes of Node's TLS and of MQTT → what to do about it, in one line. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_SIGNATURE_FAILURE)$/,
    'its certificate was not signed by the authority in tls.ca',
  ],
  [/^CERT_HAS_EXPIRED$/, 'its certificate has expired: renew it at the broker'],
  [/^CERT_NOT_YET_VALID$/, 'its certificate is not valid yet: compare the clocks'],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'its certificate is for another name: correct url or tls.servername'],
  [
    /ALERT_(CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE)$/,
    'it asks for a client certificate: set tls.cert and tls.key',
  ],
  [
    /ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_\w+|UNSUPPORTED_CERTIFICATE)$/,
    'it refuses the client certificate in tls.cert',
  ],
  [/^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)$/, 'it speaks no TLS on this port'],
  [/^(4|5|134|135)$/, 'it refuses the user or the password'],
];

/** What keeps a broker from being read: the library's own words, and the remedy where there is one to tell. */
export function explainTrouble(error: Error): string {
  const code = codeOf(error);
  const remedy = remedies.find(([pattern]) => pattern.test(code))?.[1];
  const text = error.message.split('\n', 1)[0] ?? '';
  return remedy === undefined ? text || code : `${remedy} (${text})`;
}

/** The broker does not speak the version it was addressed in: MQTT 3.1.1's code 1, MQTT 5's 0x84. */
export function isVersionRefusal(error: Error): boolean {
  return ['1', '132'].includes(codeOf(error));
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}
