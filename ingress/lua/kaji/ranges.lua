-- Ranges of addresses ("0a000000/8,..."), and who may ask by them.
local answer = require("kaji.answer")
local bit = require("bit")
local ranges = {}

local MAPPED = ("\0"):rep(10) .. "\255\255"

local function masked(address, length)
  local whole, rest = math.floor(length / 8), length % 8
  if rest == 0 then
    return address:sub(1, whole)
  end
  local byte = bit.band(address:byte(whole + 1), bit.lshift(255, 8 - rest))
  return address:sub(1, whole) .. string.char(byte % 256)
end

-- By bytes of an address, then a list of { length, members }: as many look-ups as there are lengths.
function ranges.parse(text)
  local set = {}
  for hex, length in text:gmatch("(%x+)/(%d+)") do
    local address = hex:gsub("%x%x", function(two)
      return string.char(tonumber(two, 16))
    end)
    length = tonumber(length)
    set[#address] = set[#address] or {}
    local by_length = set[#address]
    local group
    for _, one in ipairs(by_length) do
      group = one.length == length and one or group
    end
    if not group then
      group = { length = length, members = {} }
      by_length[#by_length + 1] = group
    end
    group.members[masked(address, length)] = true
  end
  return set
end

-- Bytes of the client's address; IPv4 as four of them.
function ranges.client()
  local address = ngx.var.binary_remote_addr
  if #address == 16 and address:sub(1, 12) == MAPPED then
    return address:sub(13)
  end
  return address
end

function ranges.contain(set, address)
  local groups = set[#address]
  if not groups then
    return false
  end
  for i = 1, #groups do
    local group = groups[i]
    if group.members[masked(address, group.length)] then
      return true
    end
  end
  return false
end

local function joined(...)
  local texts = {}
  for i = 1, select("#", ...) do
    local text = select(i, ...)
    texts[#texts + 1] = text
  end
  return #texts > 0 and ranges.parse(table.concat(texts, ",")) or nil
end

function ranges.prepare(fields)
  local allowed = joined(fields["whitelist-source-range"], fields["allowlist-source-range"])
  local denied = joined(fields["denylist-source-range"])
  if not allowed and not denied then
    return nil
  end
  local function may_ask()
    local address = ranges.client()
    if denied and ranges.contain(denied, address) then
      return false
    end
    return not allowed or ranges.contain(allowed, address)
  end
  local function step()
    if not may_ask() then
      return answer.refuse(403, "the address " .. ngx.var.remote_addr .. " may not ask here")
    end
  end
  return step, may_ask
end

return ranges
