/** The values of results and parameters that JavaScript does not have. */
export { Node, Path, Relationship, UnboundRelationship } from "./values/entities.js";
export type { Integer, PathSegment, Properties } from "./values/entities.js";
export { Point } from "./values/point.js";
export { DateTime, LocalDate, LocalDateTime, LocalTime, Time } from "./values/temporal.js";
export type { TemporalMode } from "./values/temporal.js";
export { float, Float } from "./values/float.js";
export { Duration } from "./values/duration.js";
export { UnknownStructure, Unsupported, UUID, Vector } from "./values/vector.js";
export type { VectorElements } from "./values/vector.js";
export { jsonValue } from "./values/json.js";
