import { useEffect } from 'react';
import { useLive } from '../live/hooks.tsx';

const everyMs = 10_000;

/** Counts the frames that the browser really draws, and reports them: a picture that is frozen or hidden reports nothing. */
export function usePaints(isWall: boolean): void {
  const live = useLive();
  useEffect(() => {
    if (!isWall) return undefined;
    let frames = 0;
    let next = requestAnimationFrame(count);
    function count(): void {
      frames += 1;
      next = requestAnimationFrame(count);
    }
    const timer = setInterval(() => {
      if (frames > 0) live.painted(frames);
      frames = 0;
    }, everyMs);
    return () => {
      cancelAnimationFrame(next);
      clearInterval(timer);
    };
  }, [isWall, live]);
}
