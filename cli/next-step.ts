import { StatusError } from "#api/machinery/status-error";
import { CommandError } from "#cli/define-command";

/** What the API refuses, and servers that do not answer, with what to do next. Anything else comes back as it is. */
export function withNextStep(error: unknown): unknown {
  if (error instanceof CommandError) return error;
  if (error instanceof StatusError) {
    const advice = adviceOn(error);
    if (advice === undefined) return error;
    return new CommandError(`${error.message}: ${advice}`, { cause: error });
  }
  return unreachable(error) ?? error;
}

function adviceOn({ code, status }: StatusError): string | undefined {
  const { name, kind, group } = status.details ?? {};
  switch (code) {
    case 401:
      return "this cluster does not know who you are: use the kubeconfig that its `kaji up` wrote, or ask for one";
    case 403:
      return /cannot \w+/.test(status.message)
        ? "ask for a role that allows it; `kubectl auth can-i --list` shows what you may"
        : undefined;
    case 404: {
      if (!name || !kind) return undefined;
      return `\`kaji get ${kind}${group ? `.${group}` : ""} -A\` lists those there are`;
    }
    case 429:
      return "the server has too much to do: try again in a moment";
    default:
      return undefined;
  }
}

const unknownHosts = new Set(["ENOTFOUND", "EAI_AGAIN"]);
const silences = new Set([
  ...["ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"],
  ...["EPIPE", "ENOENT", ...unknownHosts],
]);

/** The sentence for a control plane that is not there, or is another one, when that is what went wrong. */
function unreachable(error: unknown): CommandError | undefined {
  if (!(error instanceof Error) || !isOfRequest(error)) return undefined;
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const { code = "", message } = at as NodeJS.ErrnoException;
    if (isAboutCertificate(code)) {
      return new CommandError(
        `the API server is not the one that the kubeconfig is for (${message}): name the right file with --kubeconfig, or its context with --context`,
        { cause: error },
      );
    }
    if (!silences.has(code) && !(at.cause === undefined && isNoConnection(error))) continue;
    const advice = unknownHosts.has(code)
      ? "check the address in the kubeconfig"
      : "start it with `kaji up`, or name another cluster with --kubeconfig";
    return new CommandError(`the API server does not answer (${message}): ${advice}`);
  }
  return undefined;
}

/** Not that of a file which is not there. */
function isOfRequest(error: Error): boolean {
  return error.name === "RequestError";
}

/** A server that is switched off says nothing at all. */
function isNoConnection(error: Error): boolean {
  return error.cause instanceof Error && error.cause.name === "NoConnectionError";
}

function isAboutCertificate(code: string): boolean {
  return /CERT|SELF_SIGNED|ALTNAME|UNABLE_TO_VERIFY/.test(code);
}
