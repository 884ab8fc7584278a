import { FieldError } from '../driver.ts';
import type { Agent, Speaker } from './agent.ts';
import { deadlinePassed, type Deadline } from './deadline.ts';

export interface Patience {
  /** For one attempt. */
  readonly timeoutMs: number;
  /** Attempts after the first that stays silent. */
  readonly retries: number;
}

export interface Question<T> {
  readonly agent: Agent;
  readonly speaker: Speaker;
  /** Sends the request; one of the two is called when it is answered, or never. */
  start(answered: (value: T) => void, failed: (error: Error) => void): void;
  /** Whatever comes now is late. */
  forget(): void;
}

/**
 * Asks an agent when it is this question's turn; each attempt is a turn of its own, so that others behind the same agent
 * wait for one timeout at most. Rejects with what `start` says, or FieldError `timeout` or `refused`.
 */
export function ask<T>(
  question: Question<T>,
  { timeoutMs, retries }: Patience,
  deadline: Deadline,
): Promise<T> {
  const { agent, speaker } = question;
  return new Promise((resolve, reject) => {
    let left = retries;
    let timer: NodeJS.Timeout | undefined;
    /** Changes with every attempt, so that an answer to an earlier one finds nobody. */
    let attempt = 0;

    const leave = (): void => {
      attempt += 1;
      clearTimeout(timer);
      deadline.ends(undefined);
      agent.turns.leave();
    };
    const begin = (): void => {
      agent.speaker = speaker;
      const mine = attempt;
      deadline.ends(giveUp);
      // Where nobody listened there is hardly an answer to wait for, but a caller who wants to know why in time.
      const patienceMs = agent.wasRefused ? timeoutMs / 2 : timeoutMs;
      timer = setTimeout(silent, Math.max(0, Math.min(patienceMs, deadline.at - performance.now())));
      question.start(
        (value) => {
          if (mine !== attempt) return;
          leave();
          resolve(value);
        },
        (error) => {
          if (mine !== attempt) return;
          leave();
          reject(error);
        },
      );
    };
    const wait = (): void => {
      deadline.ends(withdraw);
      agent.turns.enter(begin);
    };
    const giveUp = (): void => {
      question.forget();
      leave();
      void agent.isRefused();
      reject(deadlinePassed());
    };
    const withdraw = (): void => {
      agent.turns.withdraw(begin);
      reject(deadlinePassed());
    };
    const silent = (): void => {
      question.forget();
      leave();
      void afterSilence();
    };
    const afterSilence = async (): Promise<void> => {
      if (await agent.isRefused()) reject(new FieldError('refused', 'ECONNREFUSED'));
      else if (deadline.passed) reject(deadlinePassed());
      else if (left > 0) {
        left -= 1;
        wait();
      } else reject(new FieldError('timeout', 'no answer'));
    };
    if (deadline.passed) reject(deadlinePassed());
    else wait();
  });
}
