import { createHmac, timingSafeEqual } from 'node:crypto';

/** Names a notification in a link: `ID~HMAC`, unguessable and bound to the person and incident of that notification. */
export interface AckTokens {
  make(notification: string): string;
  /** The notification's id; undefined for a token that is not ours. */
  read(token: string): string | undefined;
}

export function createAckTokens(secret: string): AckTokens {
  const sign = (id: string): string => createHmac('sha256', secret).update(`acknowledge ${id}`).digest('base64url');
  return {
    make: (id) => `${id}~${sign(id)}`,
    read(token) {
      const [id = '', signature = ''] = token.split('~');
      const [given, right] = [Buffer.from(signature), Buffer.from(sign(id))];
      return given.length === right.length && timingSafeEqual(given, right) ? id : undefined;
    },
  };
} // prettier-ignore
