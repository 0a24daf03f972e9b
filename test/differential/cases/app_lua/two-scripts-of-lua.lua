function shared() return "first" end
function ksr_branch() end
