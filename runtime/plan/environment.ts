import type { ContainerConfig, ImageConfig } from "#runtime/runtime";

const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Image, then container; PATH, HOSTNAME, HOME and TERM are filled in where neither says. */
export function containerEnvironment(input: {
  readonly config: ContainerConfig;
  readonly image: ImageConfig;
  readonly hostname: string;
  readonly home: string;
}): readonly string[] {
  const values = new Map<string, string>([["PATH", DEFAULT_PATH]]);
  if (input.hostname !== "") values.set("HOSTNAME", input.hostname);
  if (input.config.tty) values.set("TERM", "xterm");
  for (const entry of input.image.env) {
    const split = entry.indexOf("=");
    if (split > 0) values.set(entry.slice(0, split), entry.slice(split + 1));
  }
  for (const { name, value } of input.config.env) values.set(name, value);
  if (!values.has("HOME")) values.set("HOME", input.home);
  return [...values].map(([name, value]) => `${name}=${value}`);
}

/** command replaces Entrypoint and with it Cmd; args replaces Cmd alone. */
export function containerCommand(config: ContainerConfig, image: ImageConfig): readonly string[] {
  if (config.command.length > 0) return [...config.command, ...config.args];
  return [...image.entrypoint, ...(config.args.length > 0 ? config.args : image.cmd)];
}
