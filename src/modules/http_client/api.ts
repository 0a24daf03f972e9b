/** How libcurl asks, for modules that ask in its way. */
export { curlText } from './curl-error.ts'
export { CurlFailure, headerOf, performCurl, type CurlAnswer, type CurlQuestion, type CurlWorld } from './perform.ts'
