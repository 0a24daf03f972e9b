/** The numbers of binrpc, version 1. */

/** First byte of a packet: A for binrpc, 1 for its version. */
export const PACKET_MAGIC = 0xa1

export const PacketType = { request: 0, reply: 1, fault: 3 } as const
export type PacketType = (typeof PacketType)[keyof typeof PacketType]

export const RecordType = { int: 0, text: 1, double: 2, struct: 3, array: 4, name: 5, bytes: 6 } as const
export type RecordType = (typeof RecordType)[keyof typeof RecordType]

/** Set in the byte that ends a structure or an array. */
export const STRUCTURE_END = 0x80
