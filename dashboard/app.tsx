import { useEffect, useState } from "preact/hooks";
import { ApiRefusal, sentenceOf } from "#dashboard/model/api-request";
import { type Viewer, whoAmI } from "#dashboard/model/viewer";
import { setSessionToken } from "#dashboard/model/session";
import { LoginPage } from "#dashboard/pages/login";
import { PageOf } from "#dashboard/pages/page-of";
import { NamespaceChoice } from "#dashboard/parts/namespace-choice";
import { Navigation } from "#dashboard/parts/navigation";
import { rememberedNamespace, rememberNamespace, ScopeContext } from "#dashboard/parts/scope";
import { ThemeChoice } from "#dashboard/parts/theme-choice";
import { useRoute } from "#dashboard/parts/use-route";

type State =
  | { readonly step: "asking" }
  | { readonly step: "login"; readonly problem?: string }
  | { readonly step: "in"; readonly viewer: Viewer };

const RETRY_MS = 2_000;

export function App() {
  const [state, setState] = useState<State>({ step: "asking" });
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let retry: number | undefined;
    whoAmI().then(
      (viewer) => setState({ step: "in", viewer }),
      (error: unknown) => {
        if (error instanceof ApiRefusal) {
          const problem = attempt > 0 ? "the server does not know this token" : undefined;
          setState({ step: "login", ...(problem ? { problem } : {}) });
        } else {
          setState({ step: "login", problem: sentenceOf(error) });
          retry = window.setTimeout(() => setAttempt((n) => n + 1), RETRY_MS);
        }
      },
    );
    return () => clearTimeout(retry);
  }, [attempt]);
  if (state.step === "asking") return null;
  if (state.step === "login") {
    const onToken = (token: string): void => {
      setSessionToken(token);
      setAttempt((n) => n + 1);
    };
    return <LoginPage onToken={onToken} problem={state.problem} />;
  }
  return <Shell viewer={state.viewer} onLeave={() => setState({ step: "login" })} />;
}

function Shell({ viewer, onLeave }: { viewer: Viewer; onLeave: () => void }) {
  const route = useRoute();
  const [namespace, setNamespace] = useState(rememberedNamespace() ?? viewer.namespace);
  const choose = (next: string | undefined): void => {
    rememberNamespace(next);
    setNamespace(next);
  };
  const leave = (): void => {
    setSessionToken(undefined);
    rememberNamespace(undefined);
    onLeave();
  };
  return (
    <ScopeContext.Provider value={{ namespace, choose }}>
      <div class="shell">
        <Navigation route={route} />
        <main>
          <div class="top">
            <NamespaceChoice />
            <span class="space" />
            <ThemeChoice />
            <span class="soft" title={viewer.groups.join(", ")}>
              {viewer.name}
            </span>
            <button type="button" onClick={leave}>
              Log out
            </button>
          </div>
          <PageOf route={route} />
        </main>
      </div>
    </ScopeContext.Provider>
  );
}
