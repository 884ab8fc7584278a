import type { Role, TokenRole } from '../../contracts/common.ts';

/** Accounts, their sessions and tokens, and the walls that paint. */
export interface AccountTables {
  setting: SettingTable;
  user: UserTable;
  session: SessionTable;
  token: TokenTable;
  wall: WallTable;
}

/** What the installation made for itself, e.g. the secret that signs cookies. */
interface SettingTable {
  key: string;
  value: string;
}

export interface UserTable {
  name: string;
  /** argon2id, PHC format. */
  password: string;
  role: Role;
  created_at: number;
  /** Null: it may sign in. */
  disabled_at: number | null;
  /** JSON list of site ids; null: every site. */
  sites: string | null;
}

interface SessionTable {
  /** SHA-256 of the cookie's session id: a copy of the database opens no session. */
  id: string;
  user_name: string | null;
  /** JSON of express-session. */
  data: string;
  expires_at: number;
}

export interface TokenTable {
  id: string;
  name: string;
  role: TokenRole;
  /** SHA-256, hex. */
  hash: string;
  created_at: number;
  expires_at: number | null;
  /** JSON list of site ids: whose readings a collector delivers, what another role may see; null: every site. */
  sites: string | null;
}

interface WallTable {
  /** The account, or `token:NAME`. */
  name: string;
  painted_at: number;
}
