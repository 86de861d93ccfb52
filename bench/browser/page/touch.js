// Touches every value of a record, so that no library gains by making values late.

/** A number that depends on each value. */
export function touch(value) {
  switch (typeof value) {
    case "number":
      return value;
    case "string":
      return value.length;
    case "boolean":
      return value ? 1 : 0;
    case "bigint":
      return Number(value & 0xffn);
    case "object":
      return value === null ? 0 : touchObject(value);
    default:
      return 0;
  }
}

function touchObject(value) {
  if (Array.isArray(value)) {
    let sum = 0;
    for (const item of value) sum += touch(item);
    return sum;
  }
  if (value.relationships) return touch(value.nodes) + touch(value.relationships); // webbolt's path
  if (value.segments) return touchPath(value);
  if (value.properties) {
    return (
      touchProperties(value.properties) +
      value.elementId.length +
      (value.labels ? touch(value.labels) : value.type.length)
    );
  }
  if (value.toNumber) return value.toNumber(); // an Integer of neo4j-driver's
  return touchProperties(value);
}

function touchProperties(properties) {
  let sum = 0;
  for (const key in properties) sum += touch(properties[key]);
  return sum;
}

function touchPath(path) {
  let sum = touch(path.start);
  for (const { relationship, end } of path.segments) sum += touch(relationship) + touch(end);
  return sum;
}
