-- Apache's variant of MD5-crypt ("$apr1$SALT$DIGEST"), which libcrypt does not have: what `htpasswd` makes by default.
local bit = require("bit")
local apache_md5 = {}

local ALPHABET = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
local ORDER = { { 0, 6, 12 }, { 1, 7, 13 }, { 2, 8, 14 }, { 3, 9, 15 }, { 4, 10, 5 } }

local function encode(value, count)
  local digits = {}
  for i = 1, count do
    local at = value % 64 + 1
    digits[i] = ALPHABET:sub(at, at)
    value = math.floor(value / 64)
  end
  return table.concat(digits)
end

local function text_of(digest)
  local function byte(at)
    return digest:byte(at + 1)
  end
  local parts = {}
  for i, three in ipairs(ORDER) do
    parts[i] = encode(byte(three[1]) * 65536 + byte(three[2]) * 256 + byte(three[3]), 4)
  end
  return table.concat(parts) .. encode(byte(11), 2)
end

local function first_digest(password, salt)
  local inner = ngx.md5_bin(password .. salt .. password)
  local parts = { password, "$apr1$", salt, inner:rep(math.floor(#password / 16)), inner:sub(1, #password % 16) }
  local length = #password
  while length > 0 do
    parts[#parts + 1] = length % 2 == 1 and "\0" or password:sub(1, 1)
    length = bit.rshift(length, 1)
  end
  return ngx.md5_bin(table.concat(parts))
end

function apache_md5.matches(password, stored)
  local salt, wanted = stored:match("^%$apr1%$([^$]*)%$(.*)$")
  if not salt then
    return false
  end
  local digest = first_digest(password, salt)
  for i = 0, 999 do
    digest = ngx.md5_bin(
      (i % 2 == 1 and password or digest)
        .. (i % 3 ~= 0 and salt or "")
        .. (i % 7 ~= 0 and password or "")
        .. (i % 2 == 1 and digest or password)
    )
  end
  return text_of(digest) == wanted
end

return apache_md5
