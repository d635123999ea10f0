import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { main as pbjs } from "protobufjs-cli/pbjs.js";

/**
 * Writes proto/generated/NAME.js and NAME.d.ts from proto/NAME.proto (`npm run proto`). The output is checked
 * in; test/tidy/proto-current.test.ts generates again and compares.
 */
export const protocols = ["agent", "etcd"] as const;

const projectDir = dirname(dirname(fileURLToPath(import.meta.url)));

/** 64-bit integers become numbers: all of ours stay below 2^53. */
const options = [
  ...["--target", "static-module", "--wrap", "esm", "--dts", "--force-number"],
  ...["--no-verify", "--no-convert", "--no-delimited", "--no-typeurl", "--no-service"],
];

export async function generateProtocol(name: string, outDir: string): Promise<void> {
  mkdirSync(outDir, { recursive: true });
  const source = join(projectDir, "proto", `${name}.proto`);
  const out = join(outDir, `${name}.js`);
  await new Promise<void>((resolve, reject) => {
    // The root name keeps two generated files from sharing one table of types.
    pbjs([...options, "--root", `kaji-${name}`, "--out", out, source], (error) =>
      error ? reject(new Error(`generate ${name}.proto`, { cause: error })) : resolve(),
    );
  });
  fitExactOptionalTypes(join(outDir, `${name}.d.ts`));
}

/**
 * Only the oneof's own name says which member is set; what is not set is absent (written `never` under
 * exactOptionalPropertyTypes), and a scalar is never null.
 */
function fitExactOptionalTypes(path: string): void {
  const types = readFileSync(path, "utf8")
    .replaceAll(/\?: (?:undefined|null)\b/g, "?: never")
    .replaceAll(/\?: \(?((?:string|number|boolean|Uint8Array)(?:\[\])?)\|null\)?;/g, "?: $1;");
  writeFileSync(path, types);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of protocols) await generateProtocol(name, join(projectDir, "proto/generated"));
}
