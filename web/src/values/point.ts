import { brand } from "./brand.js";
import { checkFinite, refuse } from "./parts.js";

/** The number of coordinates in each of the server's coordinate systems. */
const dimensions: { readonly [srid: number]: 2 | 3 | undefined } = { 7203: 2, 9157: 3, 4326: 2, 4979: 3 };

/** A point in one of the server's coordinate systems. */
export class Point {
  /** 7203 and 9157 are Cartesian, 4326 and 4979 are WGS 84, of two and three dimensions. */
  readonly srid: number;
  /** Or the longitude, in degrees. */
  readonly x: number;
  /** Or the latitude, in degrees. */
  readonly y: number;
  /** Or the height, in metres; null in two dimensions. */
  readonly z: number | null;

  constructor(srid: number, x: number, y: number, z: number | null = null) {
    const count = typeof srid === "number" ? dimensions[srid] : undefined;
    if (count === undefined) refuse("Point", "srid", srid, "number", "7203, 9157, 4326 or 4979");
    checkFinite("Point", "x", x);
    checkFinite("Point", "y", y);
    if (srid < 7000 && Math.abs(y) > 90) refuse("Point", "y", y, "number", "a latitude from -90 to 90 degrees");
    if (count === 3) checkFinite("Point", "z", z);
    else if (z !== null) refuse("Point", "z", z, "number", `null, as ${srid} has two dimensions`);
    this.srid = srid;
    this.x = x;
    this.y = y;
    this.z = z;
  }

  /** As Cypher writes it. */
  toString(): string {
    const z = this.z === null ? "" : `, z: ${this.z}`;
    return `point({srid: ${this.srid}, x: ${this.x}, y: ${this.y}${z}})`;
  }
}

brand(Point, "Point");
