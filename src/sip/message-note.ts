/**
 * What a module keeps with a message for as long as the message lives: a class of its own for each kind. A list rather
 * than a WeakMap, whose entries outlive their messages until the next collection of all generations.
 */
export class MessageNote {
  nextNote: MessageNote | undefined = undefined
}
