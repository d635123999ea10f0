/**
 * Why a machine could not join, as one sentence with what to do. Those that no waiting mends end the agent;
 * the others are tried again.
 */
export class JoinError extends Error {
  override name = "JoinError";
  /** Whether it can heal by itself: the server comes up, the network comes back. */
  readonly isPassing: boolean;
  /** What the server says to wait; undefined: as the backoff says. */
  readonly retryAfterMs: number | undefined;
  /** The name is another's, who may be gone. */
  readonly isNameHeld: boolean;

  constructor(
    sentence: string,
    options: { isPassing: boolean; retryAfterMs?: number; isNameHeld?: boolean },
  ) {
    super(sentence);
    this.isPassing = options.isPassing;
    this.retryAfterMs = options.retryAfterMs;
    this.isNameHeld = options.isNameHeld ?? false;
  }
}

export function refusal(sentence: string): JoinError {
  return new JoinError(sentence, { isPassing: false });
}

/** What the server answered instead of a certificate. */
export function answerError(origin: string, status: number, answer: unknown): JoinError {
  const { message, details } = (answer ?? {}) as {
    message?: string;
    details?: { retryAfterSeconds?: number };
  };
  const said = message ?? `status ${status}`;
  const sentence = `the cluster at ${origin} refused this host: ${said}`;
  // A balancer before servers that are all starting says so in its own words.
  const isForeign = message === undefined && status < 500;
  if (status === 404 || isForeign) {
    return refusal(
      `${origin} is not a Kaji server (it answered ${said}): check --server; it is the URL of the Kubernetes API, with port 6443 by default`,
    );
  }
  const seconds = details?.retryAfterSeconds;
  const isNameHeld = status === 409 && seconds !== undefined;
  const isPassing = status === 429 || status >= 500 || isNameHeld;
  return new JoinError(sentence, {
    isPassing,
    isNameHeld,
    ...(seconds === undefined ? {} : { retryAfterMs: seconds * 1000 }),
  });
}

/** A connection that failed before any answer, in the words of Node's and OpenSSL's codes. */
export function connectionError(origin: string, error: unknown, nowMs: number): JoinError {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const clock = new Date(nowMs).toISOString();
  switch (code) {
    case "CERT_NOT_YET_VALID":
      return refusal(
        `the certificate of ${origin} is not valid yet by this host's clock, which says ${clock}: set the clock (\`timedatectl set-ntp true\`) and start the agent again`,
      );
    case "CERT_HAS_EXPIRED":
      return refusal(
        `the certificate of ${origin} has expired by this host's clock, which says ${clock}: set the clock if it is wrong, else restart the server, which renews its certificate`,
      );
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return refusal(
        `the server at ${origin} is known by other names (${message}): use the URL that \`kaji token create\` prints`,
      );
    case "EPROTO":
      return refusal(`${origin} does not speak TLS: check the host and the port of --server`);
    case "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED":
      return refusal(
        `${origin} asks for a node's certificate: --server is the URL of the Kubernetes API, with port 6443 by default, and not that of the node gateway`,
      );
    case "EACCES":
    case "EADDRNOTAVAIL":
      return refusal(`${origin} cannot be reached from this host: ${message}`);
    default:
      if (isForeignCertificate(code)) return foreignServer(origin);
      return new JoinError(
        `the server at ${origin} does not answer (${message || code}): is it running, and is the address right?`,
        { isPassing: true },
      );
  }
}

export function foreignServer(origin: string): JoinError {
  return refusal(
    `the server at ${origin} is not of the cluster that this host was told to join (its certificate has another authority): run \`kaji token create\` on the right cluster and use the command that it prints`,
  );
}

function isForeignCertificate(code: string): boolean {
  return /^(?:UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|CERT_SIGNATURE_FAILURE|CERT_UNTRUSTED|INVALID_CA)/.test(
    code,
  );
}
