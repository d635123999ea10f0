-- Basic authentication against the users of a Secret.
-- Owns, per worker: what was found right or wrong lately, by a keyed digest of user, password and stored form; so no
-- password is kept, and a changed Secret holds at once. At the limit all of it is forgotten.
local answer = require("kaji.answer")
local passwords = {}

local MAX_KNOWN = 4096
local RIGHT_SECONDS, WRONG_SECONDS = 600, 5
local MAX_PASSWORD_BYTES = 256
local THREADS = "kaji_passwords"
-- Of an Ingress, in this worker: the queue of nginx' threads has room for those of others. Clients that went away are
-- never counted down: they are forgotten when nothing was begun for a while.
local MAX_CHECKS, FORGOTTEN_SECONDS = 8, 5
local checks = {}
local known, known_count = {}, 0
local secret

local function remembered(key)
  local entry = known[key]
  if entry and entry.until_second > ngx.now() then
    return entry.is_right
  end
  return nil
end

local function remember(key, is_right)
  if not known[key] then
    if known_count >= MAX_KNOWN then
      known, known_count = {}, 0
    end
    known_count = known_count + 1
  end
  known[key] = { is_right = is_right, until_second = ngx.now() + (is_right and RIGHT_SECONDS or WRONG_SECONDS) }
  return is_right
end

local function salted_sha(password, rest)
  local bytes = ngx.decode_base64(rest) or ""
  return #bytes >= 20 and ngx.sha1_bin(password .. bytes:sub(21)) == bytes:sub(1, 20)
end

local function begin_check(id)
  local own = checks[id]
  if not own or own.until_second < ngx.now() then
    own = { count = 0 }
    checks[id] = own
  end
  if own.count >= MAX_CHECKS then
    return nil
  end
  own.count = own.count + 1
  own.until_second = ngx.now() + FORGOTTEN_SECONDS
  return own
end

local function end_check(id, own)
  own.count = own.count - 1
  if own.count == 0 and checks[id] == own then
    checks[id] = nil
  end
end

-- true or false; nil and a sentence when it could not be found out.
local function check(id, password, stored)
  local form, rest = stored:match("^{(%u+)}(.*)$")
  if form == "PLAIN" then
    return rest == password
  elseif form == "SHA" or form == "SSHA" then
    return salted_sha(password, rest)
  end
  local own = begin_check(id)
  if not own then
    return nil, id .. " has " .. MAX_CHECKS .. " under way"
  end
  -- A thousand rounds are milliseconds too, in which a worker would answer nobody.
  local module = stored:sub(1, 6) == "$apr1$" and "kaji.apache_md5" or "kaji.crypt"
  local ok, result = ngx.run_worker_thread(THREADS, module, "matches", password, stored)
  end_check(id, own)
  if not ok then
    return nil, tostring(result)
  end
  return result
end

local function verify(id, user, password, stored)
  secret = secret or ngx.sha1_bin(ngx.now() .. ngx.worker.pid() .. tostring({}) .. math.random())
  local key = ngx.hmac_sha1(secret, user .. "\0" .. password .. "\0" .. stored)
  local is_right, problem = remembered(key), nil
  if is_right == nil then
    is_right, problem = check(id, password, stored)
    if is_right == nil then
      ngx.log(ngx.WARN, "a password could not be checked: ", problem)
      return answer.refuse(503, "too many passwords are being checked: ask again")
    end
    remember(key, is_right)
  end
  return is_right
end

-- "Basic BASE64" as user and password.
local function credentials()
  local encoded = (ngx.var.http_authorization or ""):match("^[Bb][Aa][Ss][Ii][Cc] +(%S+)$")
  local text = encoded and ngx.decode_base64(encoded)
  if not text or #text > MAX_PASSWORD_BYTES or text:find("\0", 1, true) then
    return nil
  end
  return text:match("^([^:]*):(.*)$")
end

function passwords.prepare(fields)
  if not fields["auth-users"] then
    return nil
  end
  local users = {}
  for line in fields["auth-users"]:gmatch("[^\n]+") do
    local user, stored = line:match("^([^:]*):(.*)$")
    users[user] = stored
  end
  local realm = (fields["auth-realm"] or "Authentication Required"):gsub('[\\"]', "\\%0")
  local challenge = 'Basic realm="' .. realm .. '"'
  return function()
    local user, password = credentials()
    local stored = user and users[user]
    if not stored or not verify(fields.id or "", user, password, stored) then
      ngx.header["WWW-Authenticate"] = challenge
      return answer.refuse(401, "a user name and a password are needed")
    end
  end
end

return passwords
