/** What the script asked for with this message, as bits of `msgFlags`. */
export const MessageFlag = {
  /** force_rport(): put rport into the sender's Via. */
  forceRport: 1,
  /** add_local_rport(): ask for rport in the own Via. */
  localRport: 2,
  /** set_forward_close(), set_forward_no_connect(), set_reply_close(), set_reply_no_connect(). */
  forwardClose: 4,
  forwardNoConnect: 8,
  replyClose: 16,
  replyNoConnect: 32,
  /** No reply may be sent: the message is a faked one, or it was answered by something else. */
  noReply: 64,
  /** The Request-URI was sent to: it makes no further branch until it, or the destination, is set again. */
  uriIsTaken: 128,
  /** force_tcp_alias() was called without a port. */
  tcpAlias: 256,
  /** A message made by the server for an event route. */
  faked: 512,
  /** via_add_srvid(), via_add_xavp_params(), via_use_xavp_fields(). */
  viaServerId: 1024,
  viaXavpParams: 2048,
  viaXavpFields: 4096,
  /** tcp_set_otcpid_flag(): requests leave on the connection that tcp_set_otcpid() named, while it stands. */
  useConnection: 8192,
  /** Internal flags of Kamailio that scripts may see (msg_iflag_set()). */
  useUacFrom: 16384,
  useUacTo: 32768,
  uacAuth: 65536,
} as const
