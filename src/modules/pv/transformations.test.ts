import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TransformationDef } from '../../define/transformation.ts'
import type { PvValue } from '../../define/value.ts'
import { variableFamily } from '../../define/variable.ts'
import { RouteContext } from '../../runtime/context.ts'
import { createPrepareEnv } from '../../runtime/prepare.ts'
import { parseVariable, type ScriptVariable, type VariableLookup } from '../../runtime/variable-spec.ts'
import { ParseError } from '../../sip/parse-error.ts'
import { parseMessage } from '../../sip/parse-message.ts'
import { testHost, testSocket } from '../../../test/support/test-host.ts'
import { pvTransformations } from './transformations.ts'

const values: Record<string, PvValue> = { three: '3', two: 2, empty: '' }
const family = variableFamily('values', { inner: 'required' }, (inner = '') => ({ get: () => values[inner] ?? null }))
const transformations: Readonly<Record<string, TransformationDef>> = pvTransformations
const lookup: VariableLookup = {
  variable: (name) => (name === 'v' ? { def: family, state: undefined } : undefined),
  transformation: (name) => transformations[name],
}
const env = createPrepareEnv(lookup)

const received = { socket: testSocket(), sourceAddress: '192.0.2.2', sourcePort: 5060, connectionId: 0 }
const message = parseMessage('OPTIONS sip:a@b SIP/2.0\r\n\r\n', received, 1)
assert.ok(!(message instanceof ParseError))
const context = new RouteContext(testHost(), { index: 0, variables: [] }, message)

function variableOf(transformation: string): ScriptVariable | string {
  const parsed = parseVariable(`$(v(x){${transformation}})`, lookup, env)
  return typeof parsed === 'string' ? parsed : parsed.variable
}

/** The value in an expression; `refused` when the script would not load. */
function apply(input: PvValue, transformation: string): PvValue {
  values['x'] = input
  const variable = variableOf(transformation)
  return typeof variable === 'string' ? 'refused' : variable.get(context)
}

const cases: readonly (readonly [input: PvValue, transformation: string, result: PvValue])[] = [
  ['Hello', 's.len', 5],
  [1234, 's.len', 4],
  [null, 's.len', null],
  ['Hello', 's.len,1', 'refused'],
  ['12', 's.int', 12],
  ['', 's.int', 0],
  ['12x', 's.int', null],
  ['aBc\xe4', 's.toupper', 'ABC\xe4'],
  ['040/123-456', 's.numeric', '040123456'],
  [' \t\r\n a b \r\n', 's.trim', 'a b'],
  [' a\tb\r\n', 's.rmws', 'ab'],
  ['"abc"', 's.unquote', 'abc'],
  ['<abc]', 's.unbracket', '<abc]'],
  ['Hello', 's.substr,-3,2', 'll'],
  ['Hello', 's.substr,1,0', 'ello'],
  ['Hello', 's.substr,5,1', null],
  ['Hello', 's.substr,1,-1', 'refused'],
  ['Hello', 's.substr,$v(two),1', 'l'],
  ['Hello', 's.substr,$v(three),1', null],
  ['a,b,c', 's.select,1,,', 'b'],
  ['a,b,c', 's.select,-1,,', 'c'],
  ['a,b,c', 's.select,3,,', ''],
  ['a b', 's.select,1, ', 'b'],
  ['Hello', 's.strip,2', 'llo'],
  ['Hello', 's.striptail,9', ''],
  ['Hello', 's.stripto,l', 'llo'],
  ['a@b@c', 's.before,@', 'a'],
  ['a@b@c', 's.after,@', 'b@c'],
  // Kamailio 5.6.3 reads beyond the text here.
  ['a@b@c', 's.rbefore,@', 'a@b'],
  ['a@b@c', 's.rafter,@', 'c'],
  ['abc', 's.rbefore,@', 'abc'],
  ['hello', 's.replace,l,LL', 'heLLLLo'],
  ['hello', 's.replace,l,$v(empty)', null],
  ['hello', 's.rm,l', 'heo'],
  ['hello', 's.count,l', 2],
  ['Hello', 's.prefixes,2', 'H,He'],
  ['He', 's.prefixes.quoted', "'H','He'"],
  ['abcdefghij', 's.fmtlines,4,1', 'a\r\n b\r\n c\r\n defghij'],
  ['abc', 's.corehash', '7167810'],
  ['abc', 's.corehash,16', '2'],
  ['abc', 's.md5', '900150983cd24fb0d6963f7d28e17f72'],
  ['Hi\xff', 's.encode.hexa', '4869ff'],
  ['486', 's.decode.hexa', 'H'],
  ['Hello', 's.encode.7bit', 'C8329BFD06'],
  ['C8329BFD06', 's.decode.7bit', 'Hello'],
  ['Hello', 's.encode.base58', '9Ajdvzr'],
  ['9Ajdvzr', 's.decode.base58', 'Hello\0'],
  ['11', 's.decode.base58', '\0\0\0'],
  ['ab', 's.encode.base64', 'YWI='],
  ['YWI', 's.decode.base64', null],
  ['YWI', 's.decode.base64t', 'ab'],
  ['\xff\xfe\xfd', 's.encode.base64url', '__79'],
  ["a'b", 's.escape.common', "a\\'b"],
  ['a b', 's.escape.user', 'a%20b'],
  ['a\xff', 's.escape.user', null],
  ['a%2', 's.unescape.param', null],
  ['a"b', 's.escape.csv', '"a""b"'],
  ['a+b%20c', 's.urldecode.param', 'a b c'],
  ['sip:alice@example.com:5062;transport=tcp', 'uri.port', 5062],
  ['sip:alice@example.com', 'uri.port', 0],
  ['sip:alice@example.com;x="a;b"', 'uri.param,x', 'a;b'],
  ['tel:+1;a=b?x=y', 'uri.headers', 'x=y'],
  ['bad', 'uri.user', null],
  ['sip:alice:pw@h:5070;transport=tcp;lr', 'uri.saor', 'sip:alice@h'],
  ['sip:alice:pw@h:5070;transport=tcp;lr', 'uri.suri', 'sip:alice@h:5070;transport=tcp'],
  ['sip:alice:pw@h:5070;transport=tcp;lr', 'uri.duri', 'sip:h:5070;transport=tcp'],
  ['sip:h;transport=tls', 'uri.tosocket', 'tls:h:5060'],
  ['a=1;b="x;y";a=2', 'param.value,b', 'x;y'],
  ['a=1;b="x;y";a=2', 'param.value,a', '2'],
  ['a=1&b=2', 'param.name,-1,&', 'b'],
  ['a=1;b=2', 'param.in,B', 1],
  ['a=1;;', 'param.count', null],
  ['"A" <sip:a@b>;tag=1', 'nameaddr.name', '"A" '],
  ['"A" <sip:a@b>;tag=1', 'nameaddr.len', 13],
  ['"A" <sip:a@b>;tag=1', 'tobody.tag', '1'],
  ['garbage', 'tobody.uri', null],
  ['one\r\ntwo\n', 'line.count', '2'],
  ['one\r\ntwo\n', 'line.at,-2', 'one'],
  ['one\r\ntwo\n', 'line.sw,t', 'two'],
  ['h~5060~2', 'urialias.decode', 'sip:h:5060;transport=tcp'],
  ['sip:[2001:db8::1];transport=tls', 'urialias.encode', '[2001:db8::1]~5060~3'],
  // What later versions of Kamailio have.
  [-123, 'num.fdigit', 1],
  [123, 'num.ldigit', 3],
  [null, 'num.ldigit', 0],
  [null, 'val.n0', 0],
  [null, 'val.ne', ''],
  ['a"b\n\x01', 'val.json', 'a\\"b\\n\\u0001'],
  ['a"b', 'val.jsonqe', '"a\\"b"'],
  [5, 'val.jsonqe', 5],
  ['a\r\n  b\r\n', 's.rmhdws', 'a b'],
  ['a\r\n  b', 's.rmhlws', 'ab'],
  ['abc', 's.charat,1', 'b'],
  ['abc', 's.byteat,3', -1],
  ['a\r\nb', 's.escape.crlf', 'a\\r\\nb'],
  ['a\\r\\nb', 's.unescape.crlf', 'a\r\nb'],
  ['123456789', 's.crc32', -873187034],
]

test('transformations change values', () => {
  for (const [input, transformation, result] of cases) {
    assert.equal(apply(input, transformation), result, `${JSON.stringify(input)} {${transformation}}`)
  }
})

test('a result that is text and number prints as its text', () => {
  values['x'] = '+12'
  const variable = variableOf('s.int')
  assert.ok(typeof variable !== 'string')
  assert.equal(variable.print(context), '+12')
  assert.equal(variable.get(context), 12)
})

test('a failed transformation prints as nothing', () => {
  values['x'] = 'bad'
  const variable = variableOf('uri.user')
  assert.ok(typeof variable !== 'string')
  assert.equal(variable.print(context), '')
})

test('results are bounded', () => {
  assert.equal(apply('a'.repeat(60000), 's.replace,a,bb'), null)
  assert.equal(apply('a'.repeat(5000), 's.encode.base58'), null)
  assert.equal(apply('a'.repeat(2000), 's.prefixes'), null)
})
