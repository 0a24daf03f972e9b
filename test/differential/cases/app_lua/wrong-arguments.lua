local function try(name, ...)
  local answers = { pcall(...) }
  KSR.err(name .. " " .. tostring(answers[1]) .. " " .. tostring(answers[2]) .. "\n")
end
function ksr_request_route()
  try("none", KSR.hdr.append)
  try("number", KSR.hdr.append, 5)
  try("two", KSR.hdr.append, "X-Two: 2\r\n", "more")
  try("pv sets", KSR.pv.sets, "$var(a)", 7)
  try("pv sets nil", KSR.pv.sets, "$var(a)", nil)
  try("pv seti", KSR.pv.seti, "$var(a)", "8")
  try("pv get", KSR.pv.get, "$var(a)")
  try("info", KSR.info, nil)
  try("is_method", KSR.is_method, nil)
  try("setflag", KSR.setflag, "3")
  try("isflagset", KSR.isflagset, 3)
  try("empty", KSR.hdr.append, "")
end
