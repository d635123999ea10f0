import { hostCheck } from "#cli/doctor/define-check";

/** The ingress tries again every few seconds: what is older has been mended. */
const RECENT_MS = 30_000;

export const nginxTakesItsConfiguration = hostCheck(
  "nginx takes its configuration",
  function* ({ host, nowMs }) {
    const failure = host.nginx?.failure;
    if (!failure || nowMs - failure.atMs > RECENT_MS) return;
    yield {
      severity: "broken",
      subject: "ingress",
      problem: `what is served is out of date: ${failure.sentence}`,
      remedy:
        "the newest change of an Ingress or its annotations is the likely cause: take it back",
      ...(host.nginx?.log ? { command: `tail ${host.nginx.log}` } : {}),
    };
  },
);
