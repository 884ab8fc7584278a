import { QueryClient } from '@tanstack/react-query';
import { createContext, use, useSyncExternalStore } from 'react';
import { z } from 'zod';
import { roles, type Role } from '../../server/contracts/common.ts';
import { sessionPath } from '../../server/contracts/first-requests.ts';
import { sessionView, type SessionView } from '../../server/contracts/system.ts';
import { forgetMuster } from '../presence/muster.ts';
import { createKeptAnswers, type KeptAnswers } from '../api/kept.ts';
import { ApiError, type Api } from '../api/client.ts';
import { createApi } from '../api/create-api.ts';
import { forgetAnswers } from './worker.ts';

/** Who is signed in. `expired`: somebody was; the wall keeps its picture, other pages ask to sign in again. */
export interface SessionState {
  readonly user: SessionView | null;
  readonly phase: 'asking' | 'in' | 'out' | 'expired' | 'unreachable';
}

export interface Session {
  readonly api: Api;
  /** What is shown although the server was not reached. */
  readonly kept: KeptAnswers;
  readonly queries: QueryClient;
  readonly state: () => SessionState;
  readonly subscribe: (listener: () => void) => () => void;
  /** Asks the server who this is. */
  readonly ask: () => Promise<void>;
  readonly signIn: (user: string, password: string) => Promise<void>;
  readonly signOut: () => Promise<void>;
}

export function createSession(): Session {
  let state: SessionState = { user: null, phase: 'asking' };
  const listeners = new Set<() => void>();
  const set = (next: SessionState): void => {
    state = next;
    for (const listener of listeners) listener();
  };
  const kept = createKeptAnswers();
  const api = createApi(() => {
    set(state.user === null ? { user: null, phase: 'out' } : { ...state, phase: 'expired' });
  }, kept.note);
  const queries = new QueryClient({
    defaultOptions: {
      // Without a network a command fails at once and says so; held back, it would look sent.
      mutations: { networkMode: 'always' },
      queries: {
        retry: (count, error) =>
          count < 3 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
        staleTime: 5_000,
      },
    },
  });
  return {
    api,
    kept,
    queries,
    state: () => state,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ask: async () => {
      try {
        set({ user: await api.get(sessionPath, sessionView), phase: 'in' });
      } catch (error) {
        const refused = error instanceof ApiError && error.status === 401;
        if (!refused && state.user === null) set({ user: null, phase: 'unreachable' });
      }
    },
    signIn: async (user, password) => {
      await forgetAnswers();
      set({
        user: await api.send('POST', 'session', { body: { user, password }, schema: sessionView }),
        phase: 'in',
      });
    },
    signOut: async () => {
      await api.send('DELETE', 'session', { schema: z.unknown() });
      queries.clear();
      forgetMuster(localStorage);
      await forgetAnswers();
      set({ user: null, phase: 'out' });
    },
  };
}

const SessionContext = createContext<Session | null>(null);
export const SessionProvider = SessionContext.Provider;

export function useSession(): Session & { readonly now: SessionState } {
  const session = use(SessionContext);
  if (session === null) throw new Error('useSession outside of SessionProvider');
  return { ...session, now: useSyncExternalStore(session.subscribe, session.state, session.state) };
}

/** Whether the signed-in user may do what needs an authorised person. */
export function useRight(right: SessionView['rights'][number]): boolean {
  return useSession().now.user?.rights.includes(right) === true;
}

/** Whether the signed-in user holds a role, or one above it. */
export function useMay(needed: Role): boolean {
  return useHolds()(needed);
}

/** The same for several roles. */
export function useHolds(): (needed: Role) => boolean {
  const { user } = useSession().now;
  return (needed) => user !== null && roles.indexOf(user.role) >= roles.indexOf(needed);
}
