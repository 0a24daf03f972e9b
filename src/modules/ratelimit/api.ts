/** Pipes and what they measure, for module pipelimit. */
export { Feedback } from './feedback.ts'
export { ProcessorLoad, waitingBytes } from './measure.ts'
export { algorithmOf, newPipe, push, turn, type Algorithm, type Pipe } from './pipe.ts'
