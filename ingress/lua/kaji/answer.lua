-- Answers that nginx gives by itself: a status and a sentence.
local answer = {}

function answer.refuse(status, sentence)
  ngx.status = status
  ngx.header["Content-Type"] = "text/plain; charset=utf-8"
  if status == 503 or status == 429 then
    ngx.header["Retry-After"] = "1"
  end
  ngx.say(sentence)
  return ngx.exit(ngx.HTTP_OK)
end

return answer
