import { useEffect, useState } from "preact/hooks";
import { ApiRefusal, sentenceOf, sessionEnd } from "#dashboard/model/api-request";
import { forgetRights } from "#dashboard/model/rights";
import { sessionToken, setSessionToken, whyRefused } from "#dashboard/model/session";
import { type Viewer, whoAmI } from "#dashboard/model/viewer";
import { LoginPage } from "#dashboard/pages/login";
import { Outline } from "#dashboard/parts/outline";
import { Shell } from "#dashboard/parts/shell";

type State =
  | { readonly step: "asking" }
  | { readonly step: "login"; readonly problem?: string }
  | { readonly step: "in"; readonly viewer: Viewer };

const RETRY_MS = 2_000;

/** Who looks, and what they see: the log-in until the server knows them, and again when it does no more. */
export function App() {
  const [state, setState] = useState<State>({ step: "asking" });
  const [attempt, setAttempt] = useState(0);
  const ask = (): void => setAttempt((n) => n + 1);
  useEffect(() => {
    let retry: number | undefined;
    whoAmI().then(
      (viewer) => setState({ step: "in", viewer }),
      (error: unknown) => {
        const isAway = !(error instanceof ApiRefusal);
        // Who is in stays in while the server is away: the pages come back by themselves.
        setState((now) =>
          isAway && now.step === "in" ? now : { step: "login", ...problemOf(error, attempt) },
        );
        if (isAway) retry = window.setTimeout(ask, RETRY_MS);
      },
    );
    return () => clearTimeout(retry);
  }, [attempt]);
  useEffect(() => {
    // One refusal may come while a server starts: who it is, is asked before the page is taken away.
    const onEnd = (): void => setState((now) => (now.step === "in" ? (ask(), now) : now));
    sessionEnd.addEventListener("ended", onEnd);
    return () => sessionEnd.removeEventListener("ended", onEnd);
  }, []);
  // Who shows a certificate instead of a token is known a moment later.
  if (state.step === "asking") return sessionToken() ? <Outline /> : null;
  const logIn = (token: string | undefined): void => {
    setSessionToken(token);
    forgetRights();
    ask();
  };
  if (state.step === "login") return <LoginPage onToken={logIn} problem={state.problem} />;
  const leave = (): void => {
    setSessionToken(undefined);
    forgetRights();
    setState({ step: "login" });
  };
  return <Shell viewer={state.viewer} onLeave={leave} />;
}

/** At the first look without a token nobody has tried anything yet. */
function problemOf(error: unknown, attempt: number): { problem?: string } {
  if (!(error instanceof ApiRefusal)) return { problem: sentenceOf(error) };
  const token = sessionToken();
  if (error.code !== 401) return { problem: error.message };
  return attempt === 0 && token === undefined ? {} : { problem: whyRefused(token, Date.now()) };
}
