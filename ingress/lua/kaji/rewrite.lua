-- Asks the application for another path: rewrite-target, with $1.. for what the path's groups matched.
local rewrite = {}

-- "/x/$2?a=$1" as { "/x/", 2, "?a=", 1 }.
local function template_of(target)
  local parts, at = {}, 1
  for from, digit, to in target:gmatch("()%$(%d)()") do
    parts[#parts + 1] = target:sub(at, from - 1)
    parts[#parts + 1] = tonumber(digit)
    at = to
  end
  parts[#parts + 1] = target:sub(at)
  return parts
end

local function filled(parts, groups)
  local texts = {}
  for i, part in ipairs(parts) do
    texts[i] = type(part) == "number" and (groups and groups[part] or "") or part
  end
  local text = table.concat(texts)
  return text ~= "" and text or "/"
end

function rewrite.prepare(fields)
  local target = fields["rewrite-target"]
  if not target then
    return nil
  end
  local path, args = target:match("^([^?]*)%??(.*)$")
  local path_parts = template_of(path)
  local args_parts = args ~= "" and template_of(args) or nil
  return function(_, _, groups)
    if args_parts then
      local more = ngx.var.args
      local own = ngx.escape_uri(filled(args_parts, groups), 0)
      ngx.req.set_uri_args(more and own .. "&" .. more or own)
    end
    -- The client's own bytes, whichever: nginx escapes them when it asks.
    ngx.req.set_uri((filled(path_parts, groups):gsub("^/*", "/", 1)), false, true)
  end
end

return rewrite
