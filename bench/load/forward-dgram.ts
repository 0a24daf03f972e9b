/** What Node's dgram itself costs: passes datagrams on from the generator's client to its UAS and back, and reads nothing of them. */
import { createSocket } from 'node:dgram'

const UAS = { address: '127.0.30.248', port: 5070 }
let client = UAS

const socket = createSocket({ type: 'udp4', lookup: (address, _options, done) => done(null, address, 4) })
socket.on('message', (bytes, source) => {
  const isReply = source.address === UAS.address
  if (!isReply) client = source
  const { address, port } = isReply ? client : UAS
  socket.send(bytes, port, address)
})
socket.bind(5060, '127.0.30.241')
