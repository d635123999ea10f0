import { type IncomingHttpHeaders, request } from "node:http";

/** One HTTP request on a connection of its own; the Host is not the name that is connected to. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
}

export interface Question {
  readonly url: string;
  readonly host: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
  readonly body?: string;
  readonly timeoutMs?: number;
}

export function askOnce({
  url,
  host,
  headers,
  method,
  body,
  timeoutMs,
}: Question): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { method: method ?? "GET", agent: false, headers: { host, ...headers } };
    const outgoing = request(url, options, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on("error", reject);
      response.on("end", () => {
        const { statusCode: status = 0 } = response;
        resolve({ status, body: text.trim(), headers: response.headers });
      });
    });
    if (timeoutMs !== undefined) outgoing.setTimeout(timeoutMs, () => outgoing.destroy());
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
