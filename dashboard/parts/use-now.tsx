import { useEffect, useState } from "preact/hooks";

/** Ages are shown in seconds only while they are young; what is drawn anew for them are the rows in sight. */
const TICK_MS = 10_000;

/** The time, for ages: it moves on in steps. */
export function useNow(): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
