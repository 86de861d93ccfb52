import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** A dialog that takes the page until it is closed. */
export function Dialog({
  label,
  id,
  onClose,
  children,
}: {
  label: string;
  id?: string;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    dialog.current?.querySelector<HTMLElement>("[autofocus]")?.focus();
  }, []);
  return (
    <dialog
      ref={dialog}
      id={id}
      aria-label={label}
      onCancel={event => {
        event.preventDefault();
        onClose();
      }}
    >
      {children}
    </dialog>
  );
}

const question = signal<{ text: string; detail: string; action: string; answer: (yes: boolean) => void } | undefined>(
  undefined,
);

/** Asks the user before something that cannot be undone. */
export function confirmed(text: string, { detail = "", action = "Continue" } = {}): Promise<boolean> {
  return new Promise(resolve => {
    question.value = {
      text,
      detail,
      action,
      answer: yes => {
        question.value = undefined;
        resolve(yes);
      },
    };
  });
}

/** Shows what confirmed asks. */
export function Questions() {
  const asked = question.value;
  if (!asked) return null;
  return (
    <Dialog label={asked.text} id="question" onClose={() => asked.answer(false)}>
      <div class="form">
        <h2>{asked.text}</h2>
        {asked.detail && <pre class="excerpt">{asked.detail}</pre>}
        <footer>
          <button type="button" class="button" autofocus onClick={() => asked.answer(false)}>
            Cancel
          </button>
          <button type="button" class="button danger" onClick={() => asked.answer(true)}>
            {asked.action}
          </button>
        </footer>
      </div>
    </Dialog>
  );
}
