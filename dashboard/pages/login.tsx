import { useState } from "preact/hooks";
import { Notice } from "#dashboard/parts/notice";

export function LoginPage({
  onToken,
  problem,
}: {
  /** undefined: by the certificate that the browser shows. */
  onToken: (token: string | undefined) => void;
  problem: string | undefined;
}) {
  const [token, setToken] = useState("");
  const submit = (event: Event): void => {
    event.preventDefault();
    if (token.trim()) onToken(token.trim());
  };
  return (
    <form class="login card stack" onSubmit={submit}>
      <h1>Kaji</h1>
      <Notice text={problem} isError />
      <p class="soft">
        You see and change what your own rights allow. A token for the default service account of a
        namespace comes from <code>kubectl create token default</code>.
      </p>
      <label>
        Token
        <textarea
          name="token"
          autocomplete="off"
          spellcheck={false}
          value={token}
          onInput={(event) => setToken(event.currentTarget.value)}
        />
      </label>
      <div class="actions">
        <button class="main" type="submit" disabled={!token.trim()}>
          Log in
        </button>
        <button type="button" onClick={() => onToken(undefined)}>
          Use this browser’s certificate
        </button>
      </div>
    </form>
  );
}
