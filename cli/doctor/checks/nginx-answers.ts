import { hostCheck } from "#cli/doctor/define-check";

const OK = 200;

export const nginxAnswers = hostCheck("the ingress answers", function* ({ host }) {
  const { nginx } = host;
  if (!host.hasCluster || !nginx) return;
  if (nginx.runs && nginx.answer === OK) return;
  const problem = nginx.runs
    ? `nginx does not answer (${nginx.answer})`
    : "nginx is not running on this host";
  const remedy = nginx.log ? `start it; ${nginx.log} says how it ended` : "start it";
  yield { severity: "broken", subject: "ingress", problem, remedy, command: "kaji up" };
});
