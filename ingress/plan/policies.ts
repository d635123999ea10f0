import { keyOf } from "#api/machinery/meta";
import type { Ingress, Secret } from "#api/schema/types";
import { passwordsOf } from "#ingress/annotations/passwords";
import { annotationsOf } from "#ingress/annotations/read";
import type { Policy } from "#ingress/plan/routes";

/** What the annotations of an Ingress and its TLS come to for its paths; undefined: requests are just passed on. */
export interface PolicyView {
  /** undefined: it is not there; "loading": not known yet; "too many": of its namespace are watched. */
  passwordSecret(key: string): Secret | undefined | "loading" | "too many";
}

/** Say nothing of a single request; the plan itself follows them. */
const ofThePlan: ReadonlySet<string> = new Set([
  ...["server-alias", "from-to-www-redirect", "use-regex", "default-backend", "load-balance"],
  ...["canary", "ssl-redirect", "force-ssl-redirect", "auth-type", "auth-secret"],
  ...["auth-secret-type", "proxy-http-version", "connection-proxy-header", "satisfy"],
  ...["proxy-ssl-server-name", "proxy-ssl-verify", "preserve-trailing-slash"],
]);

const secretName = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;

export class Policies {
  private readonly made = new Map<string, Policy | undefined>();
  private readonly ingress: Ingress;
  private readonly fields: ReadonlyMap<string, string>;
  private readonly say: (reason: string, message: string) => void;

  constructor(
    ingress: Ingress,
    view: PolicyView,
    say: (reason: string, message: string) => void,
    defaultBackend: string | undefined,
  ) {
    this.ingress = ingress;
    this.say = say;
    const { fields, problems, closed } = annotationsOf(ingress);
    for (const { reason, message } of problems) say(reason, message);
    const own = new Map([...fields].filter(([name]) => !ofThePlan.has(name)));
    if (defaultBackend) own.set("default-backend", defaultBackend);
    const sentence = closed ?? this.addPasswords(own, fields, view);
    this.fields = sentence === undefined ? own : new Map([["closed", sentence]]);
  }

  /** One object per outcome, so that a host's entry has it once. */
  of({ isSecured }: { readonly isSecured: boolean }): Policy | undefined {
    const { fields: asked } = annotationsOf(this.ingress);
    const isToTls =
      asked.has("force-ssl-redirect") || (isSecured && asked.get("ssl-redirect") !== "");
    const key = String(isToTls);
    if (!this.made.has(key)) this.made.set(key, this.make(isToTls));
    return this.made.get(key);
  }

  private make(isToTls: boolean): Policy | undefined {
    const fields = new Map(this.fields);
    if (isToTls) fields.set("tls-redirect", "true");
    if (fields.size === 0) return undefined;
    fields.set("id", keyOf(this.ingress));
    return fields;
  }

  /** Adds the users; or says why nobody may be let in. */
  private addPasswords(
    own: Map<string, string>,
    fields: ReadonlyMap<string, string>,
    view: PolicyView,
  ): string | undefined {
    if (!fields.has("auth-type")) return undefined;
    const { namespace = "" } = this.ingress.metadata;
    const [name = "", home = namespace] = (fields.get("auth-secret") ?? "").split("/").reverse();
    if (!name) return this.refuse("annotation auth-type needs auth-secret: nobody is let in");
    if (home !== namespace) {
      return this.refuse(`secret ${home}/${name} is of another namespace: nobody is let in`);
    }
    if (!secretName.test(name))
      return this.refuse(`"${name}" is no Secret's name: nobody is let in`);
    const secret = view.passwordSecret(`${namespace}/${name}`);
    if (secret === "loading") return `secret ${namespace}/${name} is being read`;
    if (secret === "too many") {
      return this.refuse(
        `namespace ${namespace} has named too many Secrets of passwords since the ingress was started: nobody is let in`,
      );
    }
    if (!secret) return this.refuse(`secret ${namespace}/${name} is not there: nobody is let in`);
    const { users, problem } = passwordsOf(secret, fields.get("auth-secret-type") ?? "auth-file");
    if (users === undefined) {
      return this.refuse(`secret ${namespace}/${name} ${problem}: nobody is let in`);
    }
    own.set("auth-users", users);
    return undefined;
  }

  private refuse(sentence: string): string {
    this.say("PasswordsNotFound", sentence);
    return sentence;
  }
}
