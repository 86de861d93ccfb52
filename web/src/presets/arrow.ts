/** Apache Arrow out of blocks that were kept. A result that was not read yet is written by its own `toArrow`. */
export { ArrowWriter, toArrow } from "../arrow.js";
