import { Popover } from "./popover.js";

/** A menu of file formats, each with its name. */
export function ExportMenu<Format extends string>({
  what,
  id,
  formats,
  choose,
}: {
  what: string;
  id: string;
  formats: readonly (readonly [Format, string])[];
  choose: (format: Format) => void;
}) {
  return (
    <Popover icon="download" label={`Export ${what}`} id={id}>
      {close => (
        <ul class="menu">
          {formats.map(([format, name]) => (
            <li>
              <button
                type="button"
                id={`export-${format}`}
                onClick={() => {
                  close();
                  choose(format);
                }}
              >
                {name}
              </button>
            </li>
          ))}
        </ul>
      )}
    </Popover>
  );
}
