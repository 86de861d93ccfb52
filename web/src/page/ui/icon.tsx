/** Paths on a ground of 24 by 24, drawn as lines. */
const paths = {
  query: "M4 6h16M4 12h10M4 18h7M17 14l4 4-4 4",
  admin: "M3 20h18M6 16v-5M11 16V5M16 16v-8M21 16v-3",
  connections: "M8 12h8M7 8a4 4 0 1 0 0 8h2M17 8a4 4 0 1 1 0 8h-2",
  theme: "M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z",
  run: "M8 5v14l11-7z",
  stop: "M7 7h10v10H7z",
  history: "M4 12a8 8 0 1 0 2.6-5.9M4 4v4h4M12 8v4l3 2",
  star: "m12 4 2.4 5 5.6.7-4.1 3.8 1.1 5.5-5-2.8-5 2.8 1.1-5.5L4 9.7 9.6 9z",
  parameters: "M5 4v16M5 9h.01M12 4v16M12 15h.01M19 4v16M19 8h.01M3 9h4M10 15h4M17 8h4",
  format: "M4 6h16M8 10h12M8 14h8M4 18h16",
  close: "m6 6 12 12M18 6 6 18",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  fit: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  arrange:
    "M14 5a2 2 0 1 1-4 0 2 2 0 0 1 4 0zM8 18a2 2 0 1 1-4 0 2 2 0 0 1 4 0zM20 18a2 2 0 1 1-4 0 2 2 0 0 1 4 0z" +
    "M11 7 7 16M13 7l4 9M8.5 18h7",
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM16 16l5 5",
  download: "M12 4v11M7 11l5 5 5-5M5 20h14",
  expand:
    "M9 12a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zM9 11l8-5M9.2 12H20M9 13l8 5M14 5.5l3.4.2-1 3.2M14 18.5l3.4-.2-1-3.2",
  collapse: "M14.5 12a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zM4 4l4 4M4.8 8H8V4.8M20 20l-4-4M19.2 16H16v3.2",
  pin: "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
  hide: "M4 12s3-6 8-6 8 6 8 6-3 6-8 6-8-6-8-6zM4 4l16 16",
  path: "M5 19h.01M19 5h.01M5 19c8 0 0-14 14-14",
  link: "M9 17.5a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zM20 6.5a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zM8.3 15.7l7.4-7.4",
  reveal: "M3 12s3.2-6 9-6 9 6 9 6-3.2 6-9 6-9-6-9-6zM14.5 12a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z",
  pause: "M9 6v12M15 6v12",
  copy: "M9 9h10v11H9zM5 15V4h10",
  refresh: "M20 12a8 8 0 1 1-2.3-5.7M20 4v4h-4",
  trash: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  check: "m5 12 5 5 9-10",
  warning: "M12 4 3 20h18zM12 10v5M12 17.5v.01",
  wrap: "M4 6h16M4 12h13a3 3 0 0 1 0 6h-4M4 18h5M15 15l-3 3 3 3",
  style: "M12 4a8 8 0 1 0 0 16c2 0 1-2 2-3s4 0 5-2-1-11-7-11zM8 11h.01M11 8h.01M15 9h.01",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M5 11h14v9H5z",
  more: "M6 12h.01M12 12h.01M18 12h.01",
} as const;

export type IconName = keyof typeof paths;

/** A picture beside or in place of words; what reads pages aloud leaves it out. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      class="icon-svg"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}

export function IconButton({
  name,
  label,
  ...more
}: {
  name: IconName;
  label: string;
  onClick?: (event: MouseEvent) => void;
  disabled?: boolean;
  pressed?: boolean;
  id?: string;
  expanded?: boolean;
}) {
  const { pressed, expanded, ...attributes } = more;
  return (
    <button
      type="button"
      class="icon"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      aria-expanded={expanded}
      {...attributes}
    >
      <Icon name={name} />
    </button>
  );
}
