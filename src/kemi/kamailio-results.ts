/**
 * Where a function of KSR answers another number than the native one of its name: by Kamailio's module and by the native result. Kamailio's
 * native functions turn some zeros into other numbers, since 0 ends a native script. Facts about Kamailio 5.6.3.
 */
export const otherResults: Readonly<Record<string, Readonly<Record<string, Readonly<Record<number, number>>>>>> = {
  htable: { sht_reset: { 1: 0 } },
  sdpops: {
    sdp_with_media: { [-1]: 0 }, sdp_with_active_media: { [-1]: 0 }, sdp_with_codecs_by_id: { [-1]: 0, [-2]: -1 },
    remove_media: { [-1]: 0 },
    keep_codecs_by_id: { 1: 0 }, keep_codecs_by_name: { 1: 0 }, remove_codecs_by_id: { 1: 0 }, remove_codecs_by_name: { 1: 0 },
    remove_line_by_prefix: { 1: 0 },
  },
  textopsx: { fnmatch: { 1: 0 }, fnmatch_ex: { 1: 0 } },
}
