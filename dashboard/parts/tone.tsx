/** The colour that a word of Kubernetes' has. */
const tones: readonly (readonly [RegExp, string])[] = [
  [/^(Running|Ready|Active|Bound|Complete|Completed|Succeeded|True|Normal)$/, "good"],
  [/^(Pending|ContainerCreating|PodInitializing|Init:.*|Asleep|Unknown|NotReady)$/, "busy"],
  [/^(Terminating|Warning|Suspended|SchedulingDisabled|.*,SchedulingDisabled)$/, "warn"],
  [/(Error|BackOff|Failed|OOMKilled|Evicted|Invalid|Lost)/, "bad"],
];

export function toneOf(word: string): string {
  return tones.find(([pattern]) => pattern.test(word))?.[1] ?? "";
}

export function Tone({ word }: { word: string }) {
  return <span class={toneOf(word)}>{word}</span>;
}
