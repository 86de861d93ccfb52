import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./icon.js";

/** A button that opens a panel beneath it. Escape, a click elsewhere and the panel's own close shut it. */
export function Popover({
  icon,
  label,
  text,
  id,
  children,
  wide = false,
  count,
}: {
  icon: IconName;
  label: string;
  text?: string;
  id?: string;
  wide?: boolean;
  count?: number;
  children: (close: () => void) => ComponentChildren;
}) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const outside = ({ target }: Event): void => {
      if (target instanceof Node && target.isConnected && !root.current?.contains(target)) setOpen(false);
    };
    const onEscape = ({ key }: KeyboardEvent): void => {
      if (key !== "Escape") return;
      setOpen(false);
      root.current?.querySelector<HTMLElement>("button")?.focus();
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("keydown", onEscape);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("keydown", onEscape);
    };
  }, [open]);
  return (
    <div class="popover" ref={root}>
      <button
        type="button"
        id={id}
        class={text ? "button quiet" : "icon"}
        aria-label={text ? undefined : label}
        title={label}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name={icon} />
        {text && <span class="button-text">{text}</span>}
        {count ? <span class="count">{count}</span> : null}
      </button>
      {open && (
        <div class={wide ? "panel wide" : "panel"} role="dialog" aria-label={label}>
          {children(() => setOpen(false))}
        </div>
      )}
    </div>
  );
}
