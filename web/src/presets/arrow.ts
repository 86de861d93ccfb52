/** Apache Arrow from kept blocks. For a result that is not read yet, use its own `toArrow`. */
export { ArrowWriter, toArrow } from "../arrow.js";
