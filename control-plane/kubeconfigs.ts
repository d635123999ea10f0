import { join } from "node:path";
import { writeKubeconfig } from "#control-plane/pki/kubeconfig";
import type { Pki } from "#control-plane/pki/pki";
import type { Locations } from "#kit/locations";

/** Those of the administrator and of this machine's ingress. Gives the path of the first. */
export async function writeKubeconfigs(
  locations: Locations,
  server: string,
  pki: Pki,
  servers: readonly string[] = [server],
): Promise<string> {
  const { caPem } = pki;
  const admin = join(locations.lib, "admin.kubeconfig");
  await writeKubeconfig(admin, {
    ...{ server, servers, caPem },
    user: "kaji-admin",
    client: pki.admin,
  });
  await writeKubeconfig(join(locations.lib, "ingress.kubeconfig"), {
    ...{ server, servers, caPem },
    user: "system:kaji:ingress",
    client: pki.ingress,
  });
  return admin;
}
