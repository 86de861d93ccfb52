/** The layout's numbers, as docs/rowblock.md gives them. The writer has the same in layout.go. */

export const version = 1;
export const magic = 0x4b4c4257;
export const flagRestart = 1;

/** Words of the header. */
export const head = {
  magic: 0,
  version: 1,
  length: 2,
  rows: 3,
  fields: 4,
  floats: 5,
  ints: 6,
  tape: 7,
  strings: 8,
  heapBytes: 9,
  heapUnits: 10,
  bytes: 11,
  dictStrings: 12,
  dictBytes: 13,
  shapes: 14,
  shapeWords: 15,
  words: 16,
} as const;

/** Kinds of columns. */
export const columnCells = 0;
export const columnInt32 = 1;
export const columnSafeInt = 2;
export const columnInt64 = 3;
export const columnFloat = 4;

/** Tags of cells, in their low four bits. */
export const tagConstant = 0;
export const tagInt = 1;
export const tagSafeInt = 2;
export const tagInt64 = 3;
export const tagFloat = 4;
export const tagString = 5;
export const tagElementID = 6;
export const tagBytes = 7;
export const tagList = 8;
export const tagMap = 9;
export const tagNode = 10;
export const tagRelationship = 11;
export const tagPath = 12;
export const tagStructure = 13;
export const tagWord = 14;

export const cellNull = 0x00;
export const cellFalse = 0x10;
export const cellTrue = 0x20;

/** Forms of lists, in the low two bits of their first word. */
export const listCells = 0;
export const listInt32 = 1;
export const listFloats = 2;

/** Kinds of structures, in the low eight bits of their first word. */
export const structDate = 1;
export const structTime = 2;
export const structLocalTime = 3;
export const structLocalDateTime = 4;
export const structDateTime = 5;
export const structZoned = 6;
export const structZonedLocal = 7;
export const structDuration = 8;
export const structPoint2D = 9;
export const structPoint3D = 10;
export const structVector = 11;
export const structUUID = 12;
export const structUnsupported = 13;
export const structUnknown = 14;
export const structUnbound = 15;

/** Words of a node before its properties: shape, identity, element id. */
export const nodeWords = 3;
/**
 * Words of a relationship before its properties: shape, then identity and element id of itself, its start and its end.
 */
export const relationshipWords = 7;
