/** Apache Arrow out of blocks that were kept. A result that was not read yet is written by its own `toArrow`. */
export { toArrow } from "../arrow.js";
