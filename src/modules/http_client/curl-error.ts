/** The numbers that libcurl gives to what can go wrong, which scripts compare, and its words for them. */
import type { HttpFailure } from '../../runtime/http-port.ts'

export const CurlError = {
  unsupportedProtocol: 1, malformedUrl: 3, proxyNotResolved: 5, hostNotResolved: 6, notConnected: 7, partial: 18, writeError: 23,
  timedOut: 28, tlsConnect: 35, tooManyRedirects: 47, nothingCame: 52, received: 56, ownCertificate: 58, peerCertificate: 60,
  authorities: 77, busy: 89,
} as const

const NUMBERS: Readonly<Record<HttpFailure['kind'], number>> = {
  resolve: CurlError.hostNotResolved, connect: CurlError.notConnected, timeout: CurlError.timedOut, tls: CurlError.tlsConnect,
  certificate: CurlError.peerCertificate, 'own-certificate': CurlError.ownCertificate, authorities: CurlError.authorities,
  empty: CurlError.nothingCame, broken: CurlError.received, partial: CurlError.partial, 'no-http': CurlError.unsupportedProtocol,
  'too-long': CurlError.writeError, malformed: CurlError.malformedUrl, busy: CurlError.busy,
}

export const curlNumber = ({ kind }: HttpFailure): number => NUMBERS[kind]

/** By number; empty where libcurl 7.88 says `Unknown error`. */
const TEXTS: readonly string[] = [
  'No error', 'Unsupported protocol', 'Failed initialization', 'URL using bad/illegal format or missing URL',
  'A requested feature, protocol or option was not found built-in in this libcurl due to a build-time decision.',
  "Couldn't resolve proxy name", "Couldn't resolve host name", "Couldn't connect to server", 'Weird server reply',
  'Access denied to remote resource', 'FTP: The server failed to connect to data port', 'FTP: unknown PASS reply',
  'FTP: Accepting server connect has timed out', 'FTP: unknown PASV reply', 'FTP: unknown 227 response format',
  "FTP: can't figure out the host in the PASV response", 'Error in the HTTP2 framing layer', "FTP: couldn't set file type",
  'Transferred a partial file', "FTP: couldn't retrieve (RETR failed) the specified file", '', 'Quote command returned error',
  'HTTP response code said error', 'Failed writing received data to disk/application', '', 'Upload failed (at start/before it took off)',
  'Failed to open/read local data from file/application', 'Out of memory', 'Timeout was reached', '', 'FTP: command PORT failed',
  'FTP: command REST failed', '', 'Requested range was not delivered by the server', 'Internal problem setting up the POST',
  'SSL connect error', "Couldn't resume download", "Couldn't read a file:// file", 'LDAP: cannot bind', 'LDAP: search failed', '',
  'A required function in the library was not found', 'Operation was aborted by an application callback',
  'A libcurl function was given a bad argument', '', 'Failed binding local connection end', '', 'Number of redirects hit maximum amount',
  'An unknown option was passed in to libcurl', 'Malformed option provided in a setopt', '', '',
  'Server returned nothing (no headers, no data)', 'SSL crypto engine not found', 'Can not set SSL crypto engine as default',
  'Failed sending data to the peer', 'Failure when receiving data from the peer', '', 'Problem with the local SSL certificate',
  "Couldn't use specified SSL cipher", 'SSL peer certificate or SSH remote key was not OK',
  'Unrecognized or bad HTTP Content or Transfer-Encoding', '', 'Maximum file size exceeded', 'Requested SSL level failed',
  'Send failed since rewinding of the data stream failed', 'Failed to initialise SSL crypto engine', 'Login denied', 'TFTP: File Not Found',
  'TFTP: Access Violation', 'Disk full or allocation exceeded', 'TFTP: Illegal operation', 'TFTP: Unknown transfer ID',
  'Remote file already exists', 'TFTP: No such user', '', '', 'Problem with the SSL CA cert (path? access rights?)',
  'Remote file not found',
  'Error in the SSH layer', 'Failed to shut down the SSL connection', 'Socket not ready for send/recv',
  'Failed to load CRL file (path? access rights?, format?)', 'Issuer check against peer certificate failed',
  'FTP: The server did not accept the PRET command.', 'RTSP CSeq mismatch or invalid CSeq', 'RTSP session error',
  'Unable to parse FTP file list', 'Chunk callback failed', 'The max connection limit is reached',
  'SSL public key does not match pinned public key', 'SSL server certificate status verification FAILED',
  'Stream error in the HTTP/2 framing layer', 'API function called from within callback', 'An authentication function returned an error',
  'HTTP/3 error', 'QUIC connection error', 'proxy handshake error', 'SSL Client Certificate required',
  'Unrecoverable error in select/poll',
]

export const curlText = (number: number): string => TEXTS[number] || 'Unknown error'
