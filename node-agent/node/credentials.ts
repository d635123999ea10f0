import "reflect-metadata";
import { KeyObject, webcrypto, X509Certificate } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";

/**
 * Who this node is: its key, its certificate and where its gateway is. Owns <lib>/agent/credentials.json, one
 * file so that key and certificate always fit; readable by root alone.
 */
export interface NodeCredentials {
  readonly nodeName: string;
  readonly keyPem: string;
  readonly certificatePem: string;
  readonly caPem: string;
  readonly gatewayPort: number;
}

export interface JoinOptions {
  /** <lib>/agent */
  readonly directory: string;
  readonly serverUrl: string;
  readonly caPem: string;
  readonly joinToken: string | undefined;
  readonly nodeName: string;
  readonly nowMs: number;
}

const fileName = "credentials.json";
/** A certificate with less than this left is as good as none. */
const marginMs = 60_000;
const joinTimeoutMs = 30_000;
const maxAnswerBytes = 1 << 20;

/** What is stored, if it still serves; otherwise joins with the token and stores what comes of it. */
export async function obtainCredentials(options: JoinOptions): Promise<NodeCredentials> {
  const stored = await readCredentials(options.directory);
  if (stored && isUsable(stored, options)) return stored;
  if (options.joinToken === undefined) {
    throw new Error(
      `node ${options.nodeName} has no valid certificate for this cluster: start the agent with a join token (\`kaji token create\` on the server makes one)`,
    );
  }
  const credentials = await joinCluster(options, options.joinToken);
  await storeCredentials(options.directory, credentials);
  return credentials;
}

function isUsable(stored: NodeCredentials, { nodeName, caPem, nowMs }: JoinOptions): boolean {
  const certificate = new X509Certificate(stored.certificatePem);
  const isCurrent = Date.parse(certificate.validTo) - marginMs > nowMs;
  // A cluster that was made anew has another authority: what the old one signed is worth nothing.
  const isSigned = certificate.verify(new X509Certificate(caPem).publicKey);
  return stored.nodeName === nodeName && isCurrent && isSigned;
}

async function readCredentials(directory: string): Promise<NodeCredentials | undefined> {
  const path = join(directory, fileName);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  return text === undefined ? undefined : (JSON.parse(text) as NodeCredentials);
}

export async function storeCredentials(
  directory: string,
  credentials: NodeCredentials,
): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, fileName);
  await writeFile(`${path}.new`, JSON.stringify(credentials), { mode: 0o600 });
  await rename(`${path}.new`, path);
}

async function joinCluster(options: JoinOptions, token: string): Promise<NodeCredentials> {
  const { serverUrl, caPem, nodeName } = options;
  const { keyPem, csrPem } = await makeRequest(nodeName);
  const url = new URL("/kaji/v1/join", serverUrl);
  const answer = await postJson(url, caPem, token, { nodeName, csrPem });
  const { certificatePem, caPem: newCa, gatewayPort } = answer as Partial<NodeCredentials>;
  if (!certificatePem || !newCa || !gatewayPort) {
    throw new Error(`joining ${serverUrl} gave an answer without a certificate`);
  }
  return { nodeName, keyPem, certificatePem, caPem: newCa, gatewayPort };
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

async function makeRequest(nodeName: string): Promise<{ keyPem: string; csrPem: string }> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const csr = await x509.Pkcs10CertificateRequestGenerator.create(
    {
      name: `CN=system:node:${nodeName}, O=system:nodes`,
      keys: keys as Parameters<typeof x509.Pkcs10CertificateRequestGenerator.create>[0]["keys"],
      signingAlgorithm: algorithm,
    },
    webcrypto as unknown as Parameters<typeof x509.Pkcs10CertificateRequestGenerator.create>[1],
  );
  const keyPem = KeyObject.from(keys.privateKey)
    .export({ type: "pkcs8", format: "pem" })
    .toString();
  return { keyPem, csrPem: csr.toString("pem") };
}

function postJson(url: URL, ca: string, token: string, body: unknown): Promise<unknown> {
  const text = JSON.stringify(body);
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(text),
  };
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown): void =>
      reject(new Error(`joining the cluster at ${url.origin} failed`, { cause }));
    const call = request(
      url,
      { method: "POST", ca, headers, agent: false, timeout: joinTimeoutMs },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on("data", (chunk: Buffer) => {
          size += chunk.length;
          if (size > maxAnswerBytes) response.destroy(new Error("the answer is too long"));
          else chunks.push(chunk);
        });
        response.on("error", fail);
        response.on("end", () => {
          try {
            const answer = JSON.parse(Buffer.concat(chunks).toString("utf8")) as {
              message?: string;
            };
            if (response.statusCode === 200) resolve(answer);
            else fail(new Error(answer.message ?? `status ${response.statusCode ?? 0}`));
          } catch (error) {
            fail(error);
          }
        });
      },
    );
    call.on("timeout", () => call.destroy(new Error(`no answer within ${joinTimeoutMs / 1000} s`)));
    call.on("error", fail);
    call.end(text);
  });
}
