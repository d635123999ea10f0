import type { Ingress } from "#api/schema/types";
import { type Certificate, certificateOf } from "#ingress/plan/certificates";
import type { ClusterView, Say } from "#ingress/plan/plan";
import { hostKey } from "#ingress/plan/routes";

/** The certificates of a plan. `former`: as they were served last, which stay where a new one cannot be used. */
export class PlannedCertificates {
  readonly byHost = new Map<string, Certificate>();
  private readonly view: ClusterView;
  private readonly former: ReadonlyMap<string, Certificate>;
  private readonly say: Say;

  constructor(view: ClusterView, former: ReadonlyMap<string, Certificate>, say: Say) {
    this.view = view;
    this.former = former;
    this.say = say;
    if (view.defaultCertificate !== undefined) this.addDefault(view.defaultCertificate);
  }

  /** Of the hosts that an Ingress secures, which it gives. */
  add(ingress: Ingress): ReadonlySet<string> {
    const secured = new Set<string>();
    for (const tls of ingress.spec.tls ?? []) {
      const ofRules = (ingress.spec.rules ?? []).flatMap(({ host }) => host ?? []);
      const hosts = (tls.hosts?.length ? tls.hosts : ofRules).map(hostKey);
      for (const host of hosts) {
        const certificate = tls.secretName
          ? this.certificate(ingress, tls.secretName, host)
          : this.byHost.get("");
        if (!certificate) continue;
        secured.add(host);
        if (!this.byHost.has(host)) this.byHost.set(host, certificate);
      }
    }
    return secured;
  }

  private certificate(ingress: Ingress, secretName: string, host: string): Certificate | undefined {
    const key = `${ingress.metadata.namespace}/${secretName}`;
    const secret = this.view.secret(key);
    const read = secret && certificateOf(secret);
    if (read?.certificate) {
      if (!read.covers(host)) {
        const message = `secret ${key} has a certificate that does not name ${host}: browsers will warn`;
        this.say(ingress, "CertificateMismatch", message);
      }
      return read.certificate;
    }
    const former = this.former.get(host);
    const stead = former ? "with the certificate it had" : "with a self-signed certificate";
    const reason = read ? "CertificateInvalid" : "CertificateNotFound";
    const problem = read?.problem ?? "is not there";
    this.say(ingress, reason, `secret ${key} ${problem}: ${host} is served ${stead}`);
    return former;
  }

  private addDefault(key: string): void {
    const secret = this.view.secret(key);
    const certificate = (secret && certificateOf(secret).certificate) ?? this.former.get("");
    if (certificate) this.byHost.set("", certificate);
  }
}
