/** What scripts find besides Lua 5.4: functions of Lua 5.1, for which Kamailio's scripts are mostly written, and files. */

/**
 * Gets the functions `read(path)` and `write(path, text, append)`, and what package.path is to be. Reading gives nil for a file that
 * cannot be read. Waiting yields `waiting` (a value of its own), which goes through coroutines that the script made.
 */
export const PRELUDE = `
local read, write, path, waiting = ...
local unpack = table.unpack

-- Lua 5.1
_G.unpack = unpack
loadstring = load
table.getn = function(t) return #t end
table.maxn = function(t) local m = 0; for k in pairs(t) do if type(k) == "number" and k > m then m = k end end; return m end
string.gfind = string.gmatch
math.pow = function(a, b) return a ^ b end
math.mod = math.fmod
math.log10 = function(x) return math.log(x, 10) end
math.ldexp = function(m, e) return m * 2.0 ^ e end
local function functionAt(f)
	if type(f) == "function" then return f end
	return debug.getinfo((f or 1) + 2, "f").func
end
local function environmentOf(f)
	for i = 1, 255 do
		local name, value = debug.getupvalue(f, i)
		if name == "_ENV" then return i, value end
		if name == nil then return nil end
	end
end
function getfenv(f)
	if f == 0 then return _G end
	local _, env = environmentOf(functionAt(f))
	return env or _G
end
function setfenv(f, env)
	f = functionAt(f)
	local at = environmentOf(f)
	if at then debug.upvaluejoin(f, at, function() return env end, 1) end
	return f
end
function package.seeall(m) setmetatable(m, { __index = _G }) end
function module(name, ...)
	local m = package.loaded[name]
	if type(m) ~= "table" then m = {}; package.loaded[name] = m end
	local t = _G
	local first, last = name:match("^(.-)%.?([^.]+)$")
	for part in first:gmatch("[^.]+") do t[part] = t[part] or {}; t = t[part] end
	t[last] = m
	m._NAME = name; m._M = m
	for _, option in ipairs({ ... }) do option(m) end
	setfenv(debug.getinfo(2, "f").func, m)
end

-- Waiting goes through the script's own coroutines.
local resume, yield = coroutine.resume, coroutine.yield
local function onward(co, ok, first, ...)
	if ok and first == waiting then return onward(co, resume(co, yield(waiting))) end
	return ok, first, ...
end
function coroutine.resume(co, ...) return onward(co, resume(co, ...)) end
local function raised(ok, ...)
	if not ok then error((...), 0) end
	return ...
end
function coroutine.wrap(f)
	local co = coroutine.create(f)
	return function(...) return raised(coroutine.resume(co, ...)) end
end

-- Files are those of the server.
local function searchPath(name, paths, sep, rep)
	local tried = {}
	name = name:gsub(sep and sep:gsub("%p", "%%%0") or "%.", rep or "/")
	for template in paths:gmatch("[^;]+") do
		local file = template:gsub("%?", (name:gsub("%%", "%%%%")))
		local text = read(file)
		if text then return file, text end
		tried[#tried + 1] = "\\n\\tno file '" .. file .. "'"
	end
	return nil, table.concat(tried)
end
package.path = path
package.cpath = ""
function package.searchpath(name, paths, sep, rep)
	local file, problem = searchPath(name, paths, sep, rep)
	if file then return file end
	return nil, problem
end
local function loaded(text, file)
	if text:sub(1, 1) == "#" then text = "--" .. text end
	return load(text, "@" .. file, "t")
end
package.searchers = { package.searchers[1], function(name)
	local file, text = searchPath(name, package.path)
	if not file then return text end
	local f, problem = loaded(text, file)
	if not f then error("error loading module '" .. name .. "' from file '" .. file .. "':\\n\\t" .. problem, 0) end
	return f, file
end }
package.loaders = package.searchers
function loadfile(file, mode, ...)
	local text = read(file)
	if not text then return nil, "cannot open " .. tostring(file) end
	if select("#", ...) > 0 then return load(text, "@" .. file, mode, (...)) end
	return loaded(text, file)
end
function dofile(file)
	local f, problem = loadfile(file)
	if not f then error(problem, 0) end
	return f()
end

local File = {}
File.__index = File
File.__name = "FILE*"
local function open(file, mode)
	mode = mode or "r"
	local kind = mode:sub(1, 1)
	if not mode:find("^[rwa]%+?b?$") then error("bad argument #2 to 'open' (invalid mode)", 2) end
	local text = ""
	if kind ~= "w" then
		text = read(file)
		if not text and kind == "r" then return nil, file .. ": cannot be read", 2 end
	end
	if kind ~= "r" and not write(file, "", kind == "a") then return nil, file .. ": cannot be written", 13 end
	return setmetatable({ file = file, text = text or "", at = 1, kind = kind, isNew = kind == "w" }, File)
end
local function line(f, keep)
	if f.at > #f.text then return nil end
	local stop = f.text:find("\\n", f.at, true)
	local found = f.text:sub(f.at, keep and stop or (stop or 0) - 1)
	f.at = (stop or #f.text) + 1
	return found
end
local function one(f, what)
	if type(what) == "number" then
		if f.at > #f.text then return what == 0 and f.at <= #f.text and "" or nil end
		local found = f.text:sub(f.at, f.at + what - 1)
		f.at = f.at + what
		return found
	end
	what = what:gsub("^%*", ""):sub(1, 1)
	if what == "l" then return line(f, false) end
	if what == "L" then return line(f, true) end
	if what == "a" then local rest = f.text:sub(f.at); f.at = #f.text + 1; return rest end
	if what == "n" then
		local from, to = f.text:find("^%s*[%+%-]?[%w%.]+", f.at)
		if not from then return nil end
		f.at = to + 1
		return tonumber(f.text:sub(from, to))
	end
	error("bad argument #1 to 'read' (invalid format)", 3)
end
local function usable(f) if f.closed then error("attempt to use a closed file", 3) end return f end
function File:read(...)
	usable(self)
	if select("#", ...) == 0 then return line(self, false) end
	local found = {}
	for i = 1, select("#", ...) do found[i] = one(self, (select(i, ...))) end
	return unpack(found, 1, select("#", ...))
end
function File:write(...)
	usable(self)
	if self.kind == "r" then return nil, self.file .. ": is open for reading", 9 end
	if not write(self.file, table.concat({ ... }), true) then return nil, self.file .. ": cannot be written", 5 end
	return self
end
function File:lines(...)
	local formats = { ... }
	return function() return self:read(unpack(formats)) end
end
function File:seek(whence, offset)
	local from = whence == "set" and 0 or whence == "end" and #self.text or self.at - 1
	self.at = from + (offset or 0) + 1
	return self.at - 1
end
function File:close() self.closed = true; self.text = ""; return true end
function File:flush() return self end
function File:setvbuf() return true end
File.__tostring = function(f) return f.closed and "file (closed)" or "file (" .. f.file .. ")" end
io.open = open
function io.lines(file, ...)
	local f, problem = open(file, "r")
	if not f then error(problem, 2) end
	return f:lines(...)
end
function io.type(f) return getmetatable(f) == File and (f.closed and "closed file" or "file") or nil end
io.popen, io.tmpfile, io.input, io.output = nil, nil, nil, nil
os.execute, os.remove, os.rename, os.tmpname = nil, nil, nil, nil

-- The globals while a script is loaded, to be put back when it fails.
local kept
function __kahea_keep() kept = {}; for k, v in next, _G do kept[k] = v end end
function __kahea_kept(isGood)
	if not isGood then
		for k in next, _G do if kept[k] == nil then _G[k] = nil end end
		for k, v in next, kept do _G[k] = v end
	end
	kept = nil
end

function os.exit() error("os.exit() would end the server: use KSR.x.exit()", 2) end
`
