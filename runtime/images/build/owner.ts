import type { Tree } from "#runtime/images/build/tree";

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** `--chown=user:group` with names looked up in the image's own passwd and group files. */
export async function parseOwner(text: string, root: Tree): Promise<Owner> {
  const [user = "", group] = text.split(":");
  const passwd = await lookUp(root, "etc/passwd", user);
  const uid = isNumber(user) ? Number(user) : Number(passwd?.[2] ?? Number.NaN);
  if (Number.isNaN(uid)) throw new Error(`user "${user}" is not in the image's /etc/passwd`);
  if (group === undefined || group === "") {
    return { uid, gid: passwd ? Number(passwd[3]) : uid };
  }
  if (isNumber(group)) return { uid, gid: Number(group) };
  const gid = Number((await lookUp(root, "etc/group", group))?.[2] ?? Number.NaN);
  if (Number.isNaN(gid)) throw new Error(`group "${group}" is not in the image's /etc/group`);
  return { uid, gid };
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text);
}

async function lookUp(root: Tree, path: string, name: string): Promise<string[] | undefined> {
  const entry = await root.find(await root.resolve(path));
  if (entry?.kind !== "file" || isNumber(name)) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of root.open(entry) as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks)
    .toString("utf8")
    .split("\n")
    .map((line) => line.split(":"))
    .find(([known]) => known === name);
}
