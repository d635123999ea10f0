import { allWasLookedAt } from "#cli/doctor/checks/all-was-looked-at";
import { apiAnswers } from "#cli/doctor/checks/api-answers";
import { backupsAreYoung } from "#cli/doctor/checks/backups-are-young";
import { certificatesAreGood } from "#cli/doctor/checks/certificates-are-good";
import { clocksAgree } from "#cli/doctor/checks/clocks-agree";
import { componentsRun } from "#cli/doctor/checks/components-run";
import { containersDoNotCrash } from "#cli/doctor/checks/containers-do-not-crash";
import { disksHaveRoom } from "#cli/doctor/checks/disks-have-room";
import { hostHasWhatKajiNeeds } from "#cli/doctor/checks/host-has-what-kaji-needs";
import { hostsAreNotContested } from "#cli/doctor/checks/hosts-are-not-contested";
import { ingressCertificatesAreGood } from "#cli/doctor/checks/ingress-certificates-are-good";
import { ingressesAreServed } from "#cli/doctor/checks/ingresses-are-served";
import { nginxAnswers } from "#cli/doctor/checks/nginx-answers";
import { nginxTakesItsConfiguration } from "#cli/doctor/checks/nginx-takes-its-configuration";
import { nodesAreReady } from "#cli/doctor/checks/nodes-are-ready";
import { nothingHangsInDeletion } from "#cli/doctor/checks/nothing-hangs-in-deletion";
import { nothingOldIsUsed } from "#cli/doctor/checks/nothing-old-is-used";
import { objectsAgree } from "#cli/doctor/checks/objects-agree";
import { podsAreConfined } from "#cli/doctor/checks/pods-are-confined";
import { rightsAreNarrow } from "#cli/doctor/checks/rights-are-narrow";
import { secretsAreEncrypted } from "#cli/doctor/checks/secrets-are-encrypted";
import { storeIsSmall } from "#cli/doctor/checks/store-is-small";
import { tenantsAreWell } from "#cli/doctor/checks/tenants-are-well";
import { versionsAgree } from "#cli/doctor/checks/versions-agree";
import { workloadsAreWell } from "#cli/doctor/checks/workloads-are-well";
import type { Check } from "#cli/doctor/define-check";

/** What `kaji doctor` looks at, in its order. Adding one: a file beside this one, and its line here. */
export const checks: readonly Check[] = [
  hostHasWhatKajiNeeds,
  componentsRun,
  disksHaveRoom,
  certificatesAreGood,
  storeIsSmall,
  nginxAnswers,
  nginxTakesItsConfiguration,
  apiAnswers,
  allWasLookedAt,
  nodesAreReady,
  versionsAgree,
  clocksAgree,
  objectsAgree,
  workloadsAreWell,
  containersDoNotCrash,
  nothingHangsInDeletion,
  ingressesAreServed,
  ingressCertificatesAreGood,
  tenantsAreWell,
  hostsAreNotContested,
  backupsAreYoung,
  secretsAreEncrypted,
  rightsAreNarrow,
  podsAreConfined,
  nothingOldIsUsed,
];
