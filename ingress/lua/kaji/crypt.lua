-- Passwords as libcrypt stores them (bcrypt, SHA-crypt, yescrypt, ...). They are slow by design: this module runs in
-- threads beside nginx' workers, in a Lua of its own, so that no request waits for somebody else's password.
local ffi = require("ffi")
local crypt = {}

ffi.cdef([[
char *crypt_r(const char *phrase, const char *setting, void *data);
]])

-- struct crypt_data of libxcrypt.
local DATA_BYTES = 32768

function crypt.matches(password, stored)
  local lib = ffi.load("libcrypt.so.1")
  local data = ffi.new("char[?]", DATA_BYTES)
  local made = lib.crypt_r(password, stored, data)
  return made ~= nil and ffi.string(made) == stored
end

return crypt
