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
