import { useState } from "preact/hooks";
import { sentenceOf } from "#dashboard/model/api-request";
import { type Access, refusalOf } from "#dashboard/model/rights";
import { Confirmation } from "#dashboard/parts/confirmation";
import { useRight } from "#dashboard/parts/use-right";

/**
 * Something that can be done to an object. Whoever may not sees the button without power, and why; what cannot be
 * undone asks first.
 */
export function ActionButton({
  label,
  access,
  confirm,
  isDangerous = false,
  run,
  onProblem,
}: {
  label: string;
  access: Access;
  /** The question that is asked first. */
  confirm?: string;
  isDangerous?: boolean;
  run: () => Promise<void>;
  onProblem: (problem: string | undefined) => void;
}) {
  const isAllowed = useRight(access);
  const [isAsking, setAsking] = useState(false);
  const [isAtWork, setAtWork] = useState(false);
  const start = (): void => {
    setAsking(false);
    setAtWork(true);
    onProblem(undefined);
    run()
      .catch((error: unknown) => onProblem(`${label}: ${sentenceOf(error)}`))
      .finally(() => setAtWork(false));
  };
  return (
    <>
      <button
        type="button"
        class={isDangerous ? "danger" : ""}
        disabled={isAllowed !== true || isAtWork}
        title={isAllowed === false ? refusalOf(access) : undefined}
        onClick={() => (confirm ? setAsking(true) : start())}
      >
        {label}
      </button>
      {isAsking && confirm && (
        <Confirmation
          question={confirm}
          label={label}
          isDangerous={isDangerous}
          onYes={start}
          onNo={() => setAsking(false)}
        />
      )}
    </>
  );
}
