// The least that anything beneath neo4j-driver costs: neo4j-driver-core's own classes, made of values that are in
// memory already and handed over by core's Result, with nothing read or decoded.
import neo4j from "/drop-in/drop-in.js";
import { touch } from "./touch.js";

const { Integer, Node, Path, PathSegment, Record, Relationship, Result } = neo4j.types;

/** So many records are kept of a result, and made over and over. */
const kept = 10_000;

/**
 * Takes the results of a driver, whose records are then made anew. The first reading of a query is the driver's own,
 * which the bench's round to warm up has.
 */
export function coreAlone(driver, awaited = false) {
  const known = new Map();
  return {
    async read(query, parameters) {
      const wanted = JSON.stringify([query, parameters]);
      if (!known.has(wanted)) known.set(wanted, await sample(driver, query, parameters));
      let rows = 0;
      let sum = 0;
      const onNext = record => {
        rows++;
        for (let i = 0; i < record.length; i++) sum += touch(record.get(i));
      };
      const result = new Result(Promise.resolve(streamOf(known.get(wanted))), query);
      if (awaited) for (const record of (await result).records) onNext(record);
      else await new Promise((onCompleted, onError) => result.subscribe({ onNext, onCompleted, onError }));
      return { rows, sum };
    },
    close: () => driver.close(),
  };
}

async function sample(driver, query, parameters) {
  const records = [];
  let rows = 0;
  const session = driver.session({ defaultAccessMode: neo4j.session.READ });
  await new Promise((onCompleted, onError) => {
    const onNext = record => rows++ < kept && records.push(record);
    session.run(query, parameters).subscribe({ onNext, onCompleted, onError });
  });
  await session.close();
  return { rows, records };
}

/** What core takes for a stream of records. */
function streamOf({ rows, records }) {
  const { keys, _fieldLookup: lookup } = records[0];
  return {
    pause() {},
    resume() {},
    subscribe(observer) {
      observer.onKeys?.(keys);
      for (let i = 0; i < rows; i++)
        observer.onNext(new Record(keys, records[i % records.length]._fields.map(made), lookup));
      observer.onCompleted({});
    },
  };
}

function made(value) {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Integer) return new Integer(value.low, value.high);
  if (value instanceof Node) return madeNode(value);
  if (value instanceof Relationship) return madeRelationship(value);
  if (value instanceof Path) return madePath(value);
  if (Array.isArray(value)) return value.map(made);
  throw new Error(`the limit has no ${value.constructor.name}`);
}

function madeProperties(properties) {
  const copy = {};
  for (const key in properties) copy[key] = made(properties[key]);
  return copy;
}

function madeNode({ identity, labels, properties, elementId }) {
  return new Node(made(identity), labels.slice(), madeProperties(properties), elementId);
}

function madeRelationship(value) {
  const { identity, start, end, type, properties, elementId, startNodeElementId, endNodeElementId } = value;
  const [id, from, to] = [identity, start, end].map(made);
  return new Relationship(
    id,
    from,
    to,
    type,
    madeProperties(properties),
    elementId,
    startNodeElementId,
    endNodeElementId,
  );
}

/** A node that is in two segments is made once, as drivers do. */
function madePath({ start, segments }) {
  const first = madeNode(start);
  let last = first;
  const parts = segments.map(({ relationship, end }) => {
    const next = madeNode(end);
    const part = new PathSegment(last, madeRelationship(relationship), next);
    last = next;
    return part;
  });
  return new Path(first, last, parts);
}
