import { useEffect, useRef } from "preact/hooks";

/** A question before what cannot be undone. Escape is no; the safe answer has the focus. */
export function Confirmation({
  question,
  label,
  isDangerous,
  onYes,
  onNo,
}: {
  question: string;
  label: string;
  isDangerous: boolean;
  onYes: () => void;
  onNo: () => void;
}) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    box.current?.showModal();
  }, []);
  return (
    <dialog ref={box} class="card" aria-label={label} onCancel={onNo} onClose={onNo}>
      <p>{question}</p>
      <div class="top">
        <span class="space" />
        <button type="button" autofocus onClick={onNo}>
          Cancel
        </button>
        <button type="button" class={isDangerous ? "danger main" : "main"} onClick={onYes}>
          {label}
        </button>
      </div>
    </dialog>
  );
}
