/**
 * The syntax tree of a Kamailio configuration file, after the preprocessor. Every node carries the place in the
 * source it came from, so that the checker, the compiler and the debugger can point at it.
 * Texts are byte strings: one char per byte of the file (latin1), so that UTF-8 passes through unchanged.
 */

/** A stretch of source text. Lines and columns count from 1; the end column is the one after the last character. */
export interface Span {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly endLine: number
  readonly endColumn: number
}

export type RouteKind = 'request' | 'reply' | 'onreply' | 'failure' | 'branch' | 'onsend' | 'event'

export interface ConfigFile {
  readonly items: readonly Item[]
  /**
   * How `$name` without parentheses is meant: in `max`, the default, a name that no variable has is an old attribute
   * (an AVP); after `#!KAMAILIO` it is an error. `ser` reads every `$name` as an attribute.
   */
  readonly compatibility: 'kamailio' | 'max' | 'ser'
}

export type Item =
  | GlobalAssignment | CustomParameter | Listen | Alias | LoadModule | LoadPath | ModParam | CfgEngine
  | FlagsDeclaration | Route

/** `name = value`. */
export interface GlobalAssignment {
  readonly kind: 'global'
  /** Under its first spelling: `tcp_async` is `tcp_buf_write`. Of KEMI's callbacks with the group: `kemi.reply_route_callback`. */
  readonly name: string
  readonly values: readonly Value[]
  readonly span: Span
}

/** `group.name = value desc "text"`, read back as `$sel(cfg_get.group.name)`. */
export interface CustomParameter {
  readonly kind: 'custom'
  readonly group: string
  /** The N of `group[N].name = value`. */
  readonly index: number | undefined
  readonly name: string
  readonly value: Value
  readonly description: string | undefined
  readonly span: Span
}

export interface Value {
  readonly type: 'int' | 'string' | 'word'
  /** For `int` the number; for `string` the text without its quotes; for `word` the bare word. */
  readonly value: string | number
  readonly span: Span
}

/** `listen = proto:host:port advertise host:port name "x"` and the block `socket = { bind = ...; }`. */
export interface Listen {
  readonly kind: 'listen'
  /** One for each address; most lines have one. */
  readonly addresses: readonly SocketAddress[]
  readonly advertise: SocketAddress | undefined
  readonly name: string | undefined
  readonly isVirtual: boolean
  readonly workers: number | undefined
  readonly workersGroup: string | undefined
  readonly span: Span
}

export interface SocketAddress {
  /** `any` when the line names no protocol. */
  readonly protocol: 'any' | 'udp' | 'tcp' | 'tls' | 'sctp' | 'ws' | 'wss'
  /** Address, host name, interface name or `*`; IPv6 without brackets. */
  readonly host: string
  /** 0 when not given. */
  readonly port: number
  readonly span: Span
}

export interface Alias {
  readonly kind: 'alias'
  readonly addresses: readonly SocketAddress[]
  readonly span: Span
}

export interface LoadModule {
  readonly kind: 'loadmodule'
  /** As written: `tm`, `tm.so` or a path to it. */
  readonly name: string
  /** The second argument: options such as `g`. */
  readonly options: string | undefined
  /** `loadmodulex`: variables in the name are replaced. */
  readonly evaluate: boolean
  readonly span: Span
}

export interface LoadPath {
  readonly kind: 'loadpath'
  readonly path: string
  readonly span: Span
}

export interface ModParam {
  readonly kind: 'modparam'
  /** A module name, or a regular expression such as `auth_db|usrloc`. */
  readonly module: string
  readonly name: string
  readonly value: Value
  /** `modparamx`: variables in the value are replaced. */
  readonly evaluate: boolean
  readonly span: Span
}

export interface CfgEngine {
  readonly kind: 'cfgengine'
  readonly name: string
  readonly options: string | undefined
  readonly span: Span
}

/** `flags NAME:number, NAME` and `avpflags NAME, NAME`. */
export interface FlagsDeclaration {
  readonly kind: 'flags'
  readonly table: 'flags' | 'avpflags'
  readonly flags: readonly DeclaredFlag[]
  readonly span: Span
}

export interface DeclaredFlag {
  readonly name: string
  /** The number given, or the first free one. */
  readonly number: number
  readonly span: Span
}

/** Several unnamed routes of a kind are one after another in Kamailio, as if written in one. */
export interface Route {
  readonly kind: 'route'
  readonly route: RouteKind
  /** `undefined` for the unnamed ones (`request_route`, `route`, `reply_route`, `onreply_route` ...). Numbers as text. */
  readonly name: string | undefined
  readonly body: Block
  readonly span: Span
}

export interface Block {
  readonly kind: 'block'
  readonly statements: readonly Statement[]
  readonly span: Span
}

export type Statement = Block | If | While | Switch | Assign | Flow | ExpressionStatement | Empty

export interface Empty {
  readonly kind: 'empty'
  readonly span: Span
}

export interface If {
  readonly kind: 'if'
  readonly condition: Expression
  readonly then: Block
  readonly otherwise: Block | If | undefined
  readonly span: Span
}

export interface While {
  readonly kind: 'while'
  readonly condition: Expression
  readonly body: Block
  readonly span: Span
}

export interface Switch {
  readonly kind: 'switch'
  readonly subject: Expression
  readonly cases: readonly Case[]
  readonly span: Span
}

export interface Case {
  /** `expression`: an int or string constant expression; `regex`: `case /"expression":`. */
  readonly match:
    | { readonly kind: 'expression'; readonly value: Expression }
    | { readonly kind: 'regex'; readonly pattern: string }
    | { readonly kind: 'default' }
  /** Statements up to the next label; a missing `break` falls through. */
  readonly body: readonly Statement[]
  readonly span: Span
}

/** `target = value`; Kamailio's grammar has no other assignment operator. */
export interface Assign {
  readonly kind: 'assign'
  readonly operator: '='
  readonly target: Variable | AvpRef
  readonly value: Expression
  readonly span: Span
}

/** `exit`, `drop`, `return`, `break`, each with its optional value. */
export interface Flow {
  readonly kind: 'flow'
  readonly action: 'exit' | 'drop' | 'return' | 'break'
  readonly value: Expression | undefined
  readonly span: Span
}

/** A function call, or any other expression that stands as a statement. */
export interface ExpressionStatement {
  readonly kind: 'expression'
  readonly expression: Expression
  readonly span: Span
}

export type Expression =
  | IntLiteral | StringLiteral | Variable | SelectRef | AvpRef | Unary | Binary | Cast | SelVal | Call
  | CoreOperand | Address | Word | ParenthesisedBlock

export interface IntLiteral {
  readonly kind: 'int'
  readonly value: number
  readonly span: Span
}

export interface StringLiteral {
  readonly kind: 'string'
  readonly value: string
  readonly span: Span
}

/** A pseudo-variable as written, with its dollar sign: `$ru`, `$(avp(x)[0]{s.len})`. */
export interface Variable {
  readonly kind: 'variable'
  readonly text: string
  /** An old attribute of that name is meant when no variable has the name (see `ConfigFile.compatibility`). */
  readonly mayBeAvp: boolean
  readonly span: Span
}

/** A select as written, with its at sign: `@to.uri.user`. */
export interface SelectRef {
  readonly kind: 'select'
  readonly text: string
  readonly span: Span
}

/** An attribute as SER had it: `%name`, `%f.name`, `$f.name`, `$name[2]`, `$name[]`; as written, without spaces. */
export interface AvpRef {
  readonly kind: 'avp'
  readonly text: string
  readonly span: Span
}

export type UnaryOperator = '!' | '-' | '~' | 'defined' | 'strlen' | 'strempty'

export interface Unary {
  readonly kind: 'unary'
  readonly operator: UnaryOperator
  readonly operand: Expression
  readonly span: Span
}

export type BinaryOperator =
  | '||' | '&&' | '|' | '&' | '^' | '<<' | '>>'
  | '==' | '!=' | '=~' | 'eq' | 'ne' | 'ieq' | 'ine'
  | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | 'mod'

export interface Binary {
  readonly kind: 'binary'
  readonly operator: BinaryOperator
  readonly left: Expression
  readonly right: Expression
  readonly span: Span
}

export interface Cast {
  readonly kind: 'cast'
  readonly to: 'int' | 'str'
  readonly operand: Expression
  readonly span: Span
}

/** `selval(condition, ifTrue, ifFalse)`. */
export interface SelVal {
  readonly kind: 'selval'
  readonly condition: Expression
  readonly then: Expression
  readonly otherwise: Expression
  readonly span: Span
}

/**
 * A call of a core or module function. Core functions with a syntax of their own (`forward(uri:host, uri:port)`,
 * `force_send_socket(udp:1.2.3.4:5060)`) come the same way, the odd arguments as `word` or `address`.
 */
export interface Call {
  readonly kind: 'call'
  /** Core functions under their first spelling: `sethost` is `rewritehost`. */
  readonly name: string
  /** A function of the core: its syntax is checked already. */
  readonly isCore: boolean
  readonly args: readonly Argument[]
  /** Where the name alone stands. */
  readonly nameSpan: Span
  readonly span: Span
}

export type Argument = Expression

/**
 * A bare word: `uri:host` or a flag's or route's name as an argument of a core function; in a comparison with a core
 * operand the method of `method == INVITE`, the host of `src_ip == a.example.org`, the protocol of `proto == UDP`.
 */
export interface Word {
  readonly kind: 'word'
  readonly text: string
  readonly span: Span
}

/**
 * `method`, `uri`, `status`, `from_uri`, `to_uri`, `src_ip`, `src_port`, `dst_ip`, `dst_port`, `snd_ip`, `snd_port`,
 * `snd_proto`, `snd_af`, `to_ip`, `to_port`, `proto`, `af`, `msg:len`, `myself`: always a side of a `Binary`, on the left
 * but for `myself`, which may stand on either side (the parser moves it to the right).
 */
export interface CoreOperand {
  readonly kind: 'operand'
  readonly name: string
  readonly span: Span
}

/** An IP address, with an optional mask, or a `proto:host:port`, written without quotes. */
export interface Address {
  readonly kind: 'address'
  readonly protocol: SocketAddress['protocol']
  readonly host: string
  readonly port: number
  readonly mask: string | undefined
  /** As written. */
  readonly text: string
  readonly span: Span
}

/** `{ ... }` or `($x = value)` where Kamailio's grammar takes statements as an expression, with the result of the last. */
export interface ParenthesisedBlock {
  readonly kind: 'actions'
  readonly body: Block
  readonly span: Span
}
