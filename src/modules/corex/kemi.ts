import { kemi, type KemiDef } from '../../define/define.ts'
import { HeaderType } from '../../sip/header-name.ts'
import { ParseError } from '../../sip/parse-error.ts'
import type { Corex } from './state.ts'

export const corexKemi: Readonly<Record<string, KemiDef<Corex>>> = {
  has_ruri_user: kemi({
    summary: 'Tells whether the Request-URI has a user.', args: [],
    run({ message }) {
      const uri = message.isRequest ? message.parsedUri() : undefined
      return uri === undefined || uri instanceof ParseError || uri.user === '' ? -1 : 1
    },
  }),
  has_user_agent: kemi({
    summary: 'Tells whether there is a User-Agent with something in it.', args: [],
    run: ({ message }) => ((message.value(HeaderType.userAgent) ?? '') === '' ? -1 : 1),
  }),
  file_read: kemi({
    summary: 'What a file holds; an empty text when it cannot be read.', args: ['path'], returns: 'xval',
    run({ host }, _state: Corex, path) {
      const text = host.files.read(path)
      if (text === undefined) host.log.error('corex', `cannot open file: ${path}`)
      return text ?? ''
    },
  }),
}
