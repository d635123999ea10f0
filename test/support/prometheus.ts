import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually, findProgram, freePorts } from "#test/support/host";
import { type Expression, isSelected, parseQuery } from "#test/support/prometheus-query";

/**
 * A Prometheus with given series. `startPrometheus` is a small real server that keeps the contract of
 * test/contract/prometheus.test.ts; `startRealPrometheus` runs the program, where there is one.
 */
export interface TestPrometheus {
  readonly url: string;
  /** Every question so far: the path and the form. */
  readonly questions: readonly { readonly path: string; readonly form: URLSearchParams }[];
  set(series: readonly Series[]): Promise<void>;
  /** What it answers instead, until it is undefined again. */
  misbehave(how: ((response: ServerResponse) => void) | undefined): void;
  stop(): Promise<void>;
}

/** `value`: of a gauge; a counter has `perSecond` too. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly perSecond?: number;
}

export async function startPrometheus(): Promise<TestPrometheus> {
  let known: readonly Series[] = [];
  let misbehaving: ((response: ServerResponse) => void) | undefined;
  const questions: { path: string; form: URLSearchParams }[] = [];
  const server = createServer((request, response) => {
    void formOf(request).then((form) => {
      const path = new URL(request.url ?? "", "http://here").pathname;
      questions.push({ path, form });
      if (misbehaving) return misbehaving(response);
      const [status, body] = answer(path, form, known);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    questions,
    set(series) {
      known = series;
      return Promise.resolve();
    },
    misbehave: (how) => (misbehaving = how),
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}

function answer(path: string, form: URLSearchParams, known: readonly Series[]): [number, object] {
  try {
    if (path === "/api/v1/series") {
      const parsed = parseQuery(form.get("match[]") ?? "");
      if (parsed.type !== "selector") throw new Error("parse error: expected a selector");
      const data = known
        .map(({ labels }) => labels)
        .filter((one) => isSelected(one, parsed.selector));
      return [200, { status: "success", data }];
    }
    if (path === "/api/v1/query") {
      const result = evaluate(parseQuery(form.get("query") ?? ""), known).map(
        ({ labels, value }) => ({
          metric: labels,
          value: [Date.now() / 1000, textOf(value)],
        }),
      );
      return [200, { status: "success", data: { resultType: "vector", result } }];
    }
    return [404, {}];
  } catch (error) {
    return [400, { status: "error", errorType: "bad_data", error: (error as Error).message }];
  }
}

function textOf(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value);
  return value > 0 ? "+Inf" : "-Inf";
}

function evaluate(expression: Expression, known: readonly Series[]): Series[] {
  switch (expression.type) {
    case "selector":
      return known.filter(({ labels }) => isSelected(labels, expression.selector));
    case "rate":
      return evaluate(expression.of, known).map(({ labels, perSecond = 0 }) => {
        const { __name__: _, ...rest } = labels;
        return { labels: rest, value: perSecond };
      });
    case "sum": {
      const groups = new Map<string, Series>();
      for (const { labels, value } of evaluate(expression.of, known)) {
        const kept = expression.by.flatMap((label) =>
          labels[label] ? [[label, labels[label]]] : [],
        );
        const key = JSON.stringify(kept);
        const group = groups.get(key) ?? {
          labels: Object.fromEntries(kept) as Series["labels"],
          value: 0,
        };
        groups.set(key, { ...group, value: group.value + value });
      }
      return [...groups.values()];
    }
  }
}

/** undefined: the program is not there. */
export async function startRealPrometheus(): Promise<TestPrometheus | undefined> {
  const program = findProgram("prometheus");
  if (!program) return undefined;
  let exposition = "";
  const exporter = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(exposition);
  });
  exporter.listen(0, "127.0.0.1");
  await once(exporter, "listening");
  const { port } = exporter.address() as AddressInfo;
  const folder = mkdtempSync(join(tmpdir(), "kaji-prometheus-"));
  const config = join(folder, "prometheus.yml");
  writeFileSync(
    config,
    `global: {scrape_interval: 1s}\nscrape_configs:\n- job_name: test\n  honor_labels: true\n  static_configs: [{targets: ["127.0.0.1:${port}"]}]\n`,
  );
  const [own = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${own}`;
  const child: ChildProcess = spawn(
    program,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${own}`,
    ],
    { stdio: "ignore" },
  );
  const has = async (query: string): Promise<number> => {
    const body = new URLSearchParams({ query });
    const response = await fetch(`${url}/api/v1/query`, { method: "POST", body }).catch(
      () => undefined,
    );
    if (!response?.ok) return -1;
    return ((await response.json()) as { data: { result: unknown[] } }).data.result.length;
  };
  await eventually("Prometheus answers", async () => (await has("vector(1)")) === 1, 20_000);
  return {
    ...{ url, questions: [] },
    async set(series) {
      exposition = series.map(exposed).join("\n").concat("\n");
      const [last] = series.slice(-1);
      const name = last?.labels.__name__ ?? "up";
      const count = series.filter(({ labels }) => labels.__name__ === name).length;
      await eventually("the series are scraped", async () => (await has(name)) === count, 20_000);
    },
    misbehave: () => undefined,
    async stop() {
      exporter.close();
      child.kill();
      await once(child, "exit");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function exposed({ labels: { __name__: name, ...labels }, value }: Series): string {
  const quoted = (text: string): string =>
    text.replace(/[\\"\n]/g, (one) => (one === "\n" ? "\\n" : `\\${one}`));
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${quoted(text)}"`);
  return `${name}{${pairs.join(",")}} ${textOf(value)}`;
}
