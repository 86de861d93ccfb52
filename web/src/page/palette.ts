/** Colours that can be told apart on light and on dark ground. */
const colours = [
  "#4f8ef7", "#f2994a", "#2fb67c", "#e0567a", "#9b6cf0", "#e3b93c", "#28b5c9", "#c0764a", "#7a9a3a", "#d96bc4", "#6f7fa8", "#e46a4a",
];

/** Gives every label its colour, in the order in which labels are first seen. */
export class Palette {
  readonly #given = new Map<string, string>();

  colour(label: string): string {
    let colour = this.#given.get(label);
    if (!colour) {
      colour = colours[this.#given.size % colours.length]!;
      this.#given.set(label, colour);
    }
    return colour;
  }
}
