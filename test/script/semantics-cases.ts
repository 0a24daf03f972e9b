import { seededRandom } from '../../src/base/random.ts'
import { RandomExpressions } from './random-expressions.ts'

/** Pieces of script whose outcome Kamailio and Kāhea must agree on: each prints what it finds with xerr(). */
export interface SemanticsCase {
  readonly title: string
  readonly statements: string
}

/** Routes that the cases call. */
export const routes = `
route[ONE] { return 1; }
route[TWO] { return 2; }
route[NEG] { return -3; }
route[ZERO] { return 0; }
route[EXIT] { exit; }
route[ASSIGN] { $var(q) = 0; }
route[ASSIGNNEG] { $var(q) = -5; }
route[IFFALSE] { if ($var(zero) == 99) { return -7; } }
route[IFTRUE] { if ($var(zero) == 0) { is_method("INVITE"); } }
route[LASTNEG] { is_method("INVITE"); }
route[LASTPOS] { is_method("OPTIONS"); }
route[BREAK] { break; xerr("never\\n"); }
route[BREAKIF] { if ($var(zero) == 0) { break; } xerr("never\\n"); }
route[WHILERETURN] { while (1) { return -5; } xerr("never\\n"); }
route[WHILEBREAK] { while (1) { break; } }
route[WHILENONE] { is_method("INVITE"); while ($var(zero) == 1) { break; } }
route[WHILELAST] { $var(w) = 0; while ($var(w) < 2) { $var(w) = $var(w) + 1; is_method("INVITE"); } }
route[FLAG] { isflagset(9); }
route[SWITCH] {
  switch ($var(k)) {
    case 1: xerr("one\\n");
    case 2: xerr("two\\n"); break;
    case 3: return -33;
    case 4: break;
    default: xerr("default\\n");
    case 5: xerr("five\\n");
  }
  xerr("behind $rc\\n");
}
route[SWITCHLAST] { switch ($var(k)) { case 1: is_method("INVITE"); case 2: break; case 3: $var(q) = 1; case 7: } }
route[TEXTSWITCH] {
  switch ($var(k)) {
    case "a": xerr("a\\n"); break;
    case /"^B": xerr("B\\n"); break;
    case "c":
    case "d": xerr("c or d\\n"); break;
    default: xerr("default\\n");
  }
}
route[DEEP] { $var(d) = $var(d) + 1; route(DEEP); }
route[DEEPIF] { $var(d) = $var(d) + 1; if ($var(d) > 0) { route(DEEPIF); } }
route[WHERE] { xerr("$cfg(route)\\n"); }
`

const value = (title: string, expression: string): SemanticsCase => ({
  title,
  statements: `$var(r) = "unset"; $var(r) = ${expression}; xerr("$var(r)\\n");`,
})

const truth = (title: string, condition: string): SemanticsCase => ({
  title,
  statements: `if (${condition}) { xerr("true $rc\\n"); } else { xerr("false $rc\\n"); }`,
})

const returns = (title: string, call: string): SemanticsCase => ({
  title,
  statements: `is_method("OPTIONS"); ${call}; xerr("$rc\\n");`,
})

/** Set before each case. */
export const settings = `
$var(zero) = 0; $var(one) = 1; $var(two) = 2; $var(five) = 5; $var(neg) = -3; $var(max) = 2147483647;
$var(ta) = "abc"; $var(t2) = "2"; $var(t12) = "12"; $var(empty) = ""; $var(hex) = "0x1F"; $var(bad) = "((";
$avp(i) = 3; $avp(t) = "text";
`

export const cases: readonly SemanticsCase[] = [
  value('a number plus a text adds', '1 + $var(t2)'),
  value('a text plus a number joins', '"1" + 2'),
  value('a text variable plus a number joins', '$var(t2) + 2'),
  value('a number variable plus a text adds', '$var(one) + "2"'),
  value('a number plus a text that is none', '$avp(i) + "x"'),
  value('nothing plus a number joins', '$avp(none) + 2'),
  value('$null plus a number', '$null + 5'),
  value('sums inside a number are numbers', '1 + ($var(t2) + $var(t12))'),
  value('sums group from the left', '$var(five) + "1" + "2"'),
  value('sums of texts with parentheses', '$var(ta) + ($var(t2) + $var(one) + ("x" + $var(t12)))'),
  value('a number plus nested sums', '$var(one) + ($var(t2) + ($var(five) + ($var(t12) + $var(t2))))'),
  value('integers wrap', '$var(max) + 1'),
  value('products wrap', '$var(max) * $var(max)'),
  value('division cuts', '-7 / $var(two)'),
  value('remainder keeps the sign', '-7 mod $var(two)'),
  value('division by zero', '5 / $var(zero)'),
  value('remainder by zero', '5 mod $var(zero)'),
  value('division by a constant zero', '5 / 0'),
  value('division by zero inside a sum', '1 + 5 / $var(zero)'),
  value('division by zero joined to a text', '$var(ta) + 5 / $var(zero)'),
  value('zero divided', '0 / $var(zero)'),
  value('zero times a division by zero', '0 * (5 / $var(zero))'),
  value('shift counts are taken modulo 32', '1 << ($var(five) + 28)'),
  value('shift right keeps the sign', '$var(neg) >> 1'),
  value('bits', '($var(five) | 8) & 12 ^ 3'),
  value('complement', '~$var(five)'),
  value('minus', '-$var(five)'),
  value('minus a text', '-$var(t12)'),
  value('hexadecimal text', '0 + $var(hex)'),
  value('cast to int', '(int)$var(t12) + 1'),
  value('cast of a text that is no number', '(int)$var(ta)'),
  value('cast to str', '(str)$var(five) + 1'),
  value('cast to str inside a number', '1 + (int)((str)$var(five) + 1)'),
  value('int of $rm', '(int)$rm'),
  value('a number plus $rm', '0 + $rm'),
  value('$rm plus a number', '$rm + 0'),
  value('str of $rm', '(str)$rm + 1'),
  value('&& gives 1', '$var(five) && 2'),
  value('&& 1 gives the number', '$var(five) && 1'),
  value('&& 0', '$var(five) && 0'),
  value('|| 0 gives the number', '$var(five) || 0'),
  value('|| 1', '$var(zero) || 1'),
  value('|| of variables', '$var(zero) || $var(five)'),
  value('-1 || 0', '-1 || 0'),
  value('comparison', '5 > 3'),
  value('text comparison is of numbers', '$var(ta) > $var(t2)'),
  value('not', '!$var(five)'),
  value('not a text', '!$var(ta)'),
  value('equal numbers', '$var(five) == 5'),
  value('equal texts differ in case', '$var(ta) == "ABC"'),
  value('number equals text', '$var(five) == "5"'),
  value('number equals text with zero', '$var(five) == "05"'),
  value('text equals number', '$var(t2) == 2'),
  value('number variable equals text variable', '$var(two) == $var(t2)'),
  value('text variable equals number variable', '$var(t2) == $var(two)'),
  value('number equals a text that is none', '$var(zero) == $var(ta)'),
  value('nothing equals 0', '$avp(none) == 0'),
  value('nothing equals empty', '$avp(none) == ""'),
  value('nothing equals nothing', '$avp(none) == $avp(nope)'),
  value('nothing equals a number variable', '$avp(none) == $var(zero)'),
  value('nothing equals a text variable', '$avp(none) == $var(ta)'),
  value('nothing equals $rm', '$avp(none) == $rm'),
  value('number equals $rm', '$avp(i) == $rm'),
  value('$rm equals its number', '$rm == 512'),
  value('sum equals number', '$var(t2) + $var(t2) == 22'),
  value('number sum equals text', '$var(one) + $var(one) == "2"'),
  value('comparison with a sum', '$var(five) == $var(two) + "3"'),
  value('zero equals empty', '$var(zero) == ""'),
  value('zero differs from empty', '$var(zero) != ""'),
  value('empty equals zero, literally', '"" == $var(zero)'),
  value('eq compares texts', '$var(five) eq "5"'),
  value('ne compares texts', '$var(t2) ne 2'),
  value('ieq compares numbers', '$var(t2) ieq 2'),
  value('ine compares numbers', '$var(hex) ine 31'),
  value('== $null', '$avp(none) == $null'),
  value('!= $null', '$avp(none) != $null'),
  value('zero == $null', '$var(zero) == $null'),
  value('$null on the left', '$null == $avp(none)'),
  value('a sum == $null', '$var(one) + 1 == $null'),
  value('defined', 'defined $avp(none)'),
  value('not defined', 'not defined $avp(i)'),
  value('strlen', 'strlen($var(ta))'),
  value('strlen of a number', 'strlen($var(t12) + 1)'),
  value('strempty', 'strempty($avp(none))'),
  value('strempty of zero', 'strempty($var(zero))'),
  value('=~ ignores case', '$var(ta) =~ "^A"'),
  value('=~ of a number', '$var(five) =~ "^5$"'),
  value('=~ of nothing', '$avp(none) =~ "^$"'),
  value('=~ with a variable', '$var(ta) =~ $var(t2)'),
  value('=~ with a bad variable', '$var(ta) =~ $var(bad)'),
  value('selval', 'selval($var(zero) == 0, "a", "b")'),
  value('selval of nothing', 'selval($var(zero) == 1, "a", $avp(none))'),
  value('selval plus', 'selval($var(zero) == 1, 7, $var(five)) + "z"'),
  value('selval in a number', '1 + selval($var(zero) == 1, 7, $var(five))'),
  value('a select', '@from.uri.user'),
  value('a select in a sum', '@from.uri.user + 1'),
  value('an undefined select', '@msg.header["X-No"]'),
  value('an undefined select plus', '@msg.header["X-No"] + 5'),
  value('defined select', 'defined @msg.header["X-No"]'),
  value('copying nothing', '$avp(none)'),
  value('copying a text', '$avp(t)'),
  value('a call alone gives its number', 'route(NEG)'),
  value('a call in a sum gives 0 or 1', 'route(TWO) + 0'),
  value('a failing call in a sum', 'route(NEG) + 1'),
  value('a function alone gives its number', 'is_method("INVITE")'),
  value('a core function alone gives its number', 'isflagset(9)'),
  value('operand', 'method == "OPTIONS"'),
  value('operand in any case', 'method == "options"'),
  value('operand word', 'method == OPTIONS'),
  value('operand differs', 'method != "OPTIONS"'),
  value('operand matches', 'method =~ "opt|inv"'),
  value('operand with a variable', 'method == $rm'),
  value('source address', 'src_ip == 127.0.50.9'),
  value('source network', 'src_ip == 127.0.0.0/8'),
  value('source network by mask', 'src_ip == 128.0.0.0/255.0.0.0'),
  value('source address as text', 'src_ip == "127.0.50.9"'),
  value('source address from a variable', 'src_ip == $si'),
  value('source address matches', 'src_ip =~ "^127\\.0"'),
  value('source address differs', 'src_ip != 127.0.50.9'),
  value('destination is own', 'dst_ip == myself'),
  value('source is not own', 'src_ip == myself'),
  value('URI is own', 'uri == myself'),
  value('own is URI', 'myself == uri'),
  value('From is not own', 'from_uri == myself'),
  value('uri matches', 'uri =~ "BOB@"'),
  value('from_uri', 'from_uri == "sip:alice@example.org"'),
  value('to_uri', 'to_uri =~ "example"'),
  value('protocol', 'proto == UDP'),
  value('other protocol', 'proto == tcp'),
  value('family', 'af == INET'),
  value('port', 'dst_port == 5060'),
  value('port above', 'dst_port > 5060'),
  value('port from a variable', 'dst_port == $var(five)'),
  value('message length', 'msg:len > 100'),
  value('not an operand', '!(method == "OPTIONS")'),
  truth('a negative number is false', '$var(neg)'),
  truth('a negative constant is false', '-1'),
  truth('a text is its number', '$var(t2)'),
  truth('a text without number is false', '$var(ta)'),
  truth('nothing is false', '$avp(none)'),
  truth('a negative number is true beside ||', '$var(neg) || $var(zero)'),
  truth('not of a negative number', '!$var(neg)'),
  truth('a failing expression is false', '5 / $var(zero)'),
  truth('its negation is false too', '!(5 / $var(zero))'),
  truth('a failing half', '$var(one) == 1 && 5 / $var(zero) == 1'),
  truth('a failing half that is not looked at', '$var(one) == 2 && 5 / $var(zero) == 1'),
  truth('a bad pattern', '$var(ta) =~ $var(bad)'),
  truth('no match with a bad pattern', '!($var(ta) =~ $var(bad))'),
  truth('operand with a bad pattern', 'method =~ $var(bad)'),
  value('a call times 1', 'route(NEG) * 1'),
  value('0 plus a text', '0 + $var(t12)'),
  value('a text minus 0', '$var(t12) - 0'),
  value('int of a joined text', '(int)("1" + $var(t12))'),
  value('int of a text joined to a failure', '(int)("1" + 5 / $var(zero))'),
  value('a sum that joins inside a comparison', '"a" + $var(five) == "a5"'),
  truth('an assignment', '($var(x) = 5)'),
  truth('an assignment of 0', '($var(x) = 0)'),
  truth('a block', '{ is_method("INVITE"); }'),
  truth('a block that returns', '{ return -1; }'),
  truth('not a block', '!{ is_method("INVITE"); }'),
  value('the result of a block', '{ is_method("INVITE"); }'),
  value('the result of a block that returns', '{ return 7; }'),
  value('the result of a block that breaks', '{ break; }'),
  value('the result of a block in a sum', '{ return 7; } + 1'),
  value('the result of an assignment', '($var(x) = 9)'),
  truth('selval cannot be compared', 'selval($var(five) == 5, "a", "b") == "a"'),
  truth('selval is no condition', 'selval($var(five) == 5, 1, 0)'),
  truth('a core function', 'isflagset(9)'),
  truth('a function', 'is_method("INVITE")'),
  truth('two functions', 'is_method("INVITE") || route(NEG)'),
  truth('two functions, the second not called', 'is_method("OPTIONS") || route(NEG)'),
  truth('a call beside a constant is not made', 'route(EXIT) || 1'),
  truth('a call beside 0 is not made', 'route(EXIT) && 0'),
  truth('an exit is forgotten when another call follows', 'route(ZERO) || route(ONE)'),
  truth('a call compared', 'route(TWO) == 1'),
  truth('a sum as condition', '$var(t2) + $var(t2)'),
  truth('$rc of a call is the condition', 'route(TWO)'),
  returns('a core function leaves $rc', 'setflag(9)'),
  returns('an assignment leaves $rc', '$var(x) = 7'),
  returns('a function sets $rc', 'is_method("INVITE")'),
  ...['ONE', 'TWO', 'NEG', 'ASSIGN', 'ASSIGNNEG', 'IFFALSE', 'IFTRUE', 'LASTNEG', 'LASTPOS', 'BREAK', 'BREAKIF', 'WHILERETURN',
    'WHILEBREAK', 'WHILENONE', 'WHILELAST', 'FLAG', 'WHERE'].map((name) => returns(`route ${name}`, `route(${name})`)),
  ...['1', '2', '3', '4', '5', '"2"', '"x"', '$avp(none)'].map((k) => returns(`switch on ${k}`, `$var(k) = ${k}; route(SWITCH)`)),
  ...['1', '2', '3', '7', '9'].map((k) => returns(`switch as last statement on ${k}`, `$var(k) = ${k}; route(SWITCHLAST)`)),
  ...['"a"', '"bb"', '"Bb"', '"c"', '"d"', '"A"', '5'].map((k) => returns(`text switch on ${k}`, `$var(k) = ${k}; route(TEXTSWITCH)`)),
  returns('a route that is not there', '$var(n) = "NOPE"; route($var(n))'),
  returns('a route by computed name', '$var(n) = "NE"; route($var(n) + "G")'),
  returns('deep recursion ends', '$var(d) = 0; route(DEEP); xerr("$var(d)\\n")'),
  returns('deep recursion in blocks ends', '$var(d) = 0; route(DEEPIF); xerr("$var(d)\\n")'),
  returns('a loop that runs away', '$var(i) = 0; while ($var(i) < 200) { $var(i) = $var(i) + 1; } xerr("$var(i)\\n")'),
  returns('a loop while negative', '$var(i) = -2; while ($var(i)) { $var(i) = $var(i) + 1; } xerr("$var(i)\\n")'),
  returns('a loop whose condition fails', 'while (5 / $var(zero)) { xerr("never\\n"); }'),
  returns(
    'break inside a switch in a loop',
    '$var(i) = 0; while ($var(i) < 3) { $var(i) = $var(i) + 1; ' +
      'switch ($var(i)) { case 2: break; default: xerr("$var(i)\\n"); } }',
  ),
  returns('break in a loop in a switch', 'switch ($var(one)) { case 1: while (1) { break; } xerr("in\\n"); default: xerr("through\\n"); }'),
  returns('assigning to the request URI', '$ru = $null'),
  returns('lines and routes', 'route(WHERE); xerr("$cfg(route)\\n")'),
]

/** Expressions of all sorts, the same each time. */
export function randomCases(seed: number, count: number): readonly SemanticsCase[] {
  const expressions = new RandomExpressions(seededRandom(seed))
  return Array.from({ length: count }, (_, index) => {
    const type = (['int', 'str', 'any'] as const)[index % 3] ?? 'any'
    const expression = expressions.make(type, 1 + (index % 5))
    const make = index % 2 === 0 ? value : truth
    return make(`random expression ${index} of seed ${seed}`, expression)
  })
}

/** Each ends the script: run one by one. */
export const endings: readonly SemanticsCase[] = [
  { title: 'exit', statements: 'exit;' },
  { title: 'drop', statements: 'drop;' },
  { title: 'return', statements: 'return;' },
  { title: 'return 0', statements: 'return 0;' },
  { title: 'break', statements: 'break;' },
  { title: 'a route that exits', statements: 'route(EXIT);' },
  { title: 'a route that returns 0', statements: 'route(ZERO);' },
  { title: 'a route that exits in a condition', statements: 'if (route(EXIT)) { xerr("then\\n"); } else { xerr("else\\n"); }' },
  { title: 'a route that returns 0 in a condition', statements: 'if (route(ZERO)) { xerr("then\\n"); } else { xerr("else\\n"); }' },
  {
    title: 'an exit in the right half',
    statements: 'if (is_method("OPTIONS") && route(EXIT)) { xerr("then\\n"); } else { xerr("else\\n"); }',
  },
  { title: 'a block that exits', statements: 'if ({ exit; }) { xerr("then\\n"); } else { xerr("else\\n"); }' },
  { title: 'a block that returns 0', statements: 'if ({ return 0; }) { xerr("then\\n"); } else { xerr("else\\n"); }' },
  { title: 'a block in an assignment that exits', statements: '$var(x) = { exit; };' },
  { title: 'an exit in an assignment', statements: '$var(x) = route(EXIT);' },
  { title: 'an exit in a loop', statements: 'while (1) { route(EXIT); xerr("never\\n"); }' },
  { title: 'an exit in a switch', statements: 'switch ($var(one)) { case 1: route(EXIT); default: xerr("never\\n"); }' },
  { title: 'return of a false function', statements: 'return is_method("INVITE");' },
  { title: 'an exit in the subject of a switch', statements: 'switch (route(EXIT)) { case 1: xerr("one\\n"); case 0: xerr("zero\\n"); }' },
]
