/** A phone of the tests' own that answers each call, and sends back what it hears. */
import type { TestContext } from 'node:test'
import { freePort } from '../support/free-port.ts'
import { MediaSocket } from './media-socket.ts'
import { Phone } from './stock-phone.ts'

export interface AnsweringPhone {
  readonly port: number
  readonly media: MediaSocket
}

export async function answerCalls(t: TestContext, address: string, proxy: { readonly address: string; readonly port: number }): Promise<AnsweringPhone> {
  const media = await MediaSocket.open(address, true)
  const port = await freePort(address)
  const phone = await Phone.open({ user: 'bob', domain: proxy.address, password: '' }, { address, port }, proxy)
  let isOpen = true
  t.after(() => {
    isOpen = false
    phone.close()
    media.close()
  })
  void (async () => {
    while (isOpen) {
      const request = await phone.next().catch(() => '')
      if (request.startsWith('INVITE')) phone.answer(request, '200 OK', media.description, ['Content-Type: application/sdp'])
      else if (request.startsWith('BYE')) phone.answer(request, '200 OK')
    }
  })()
  return { port, media }
}
