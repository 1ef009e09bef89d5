-- What Dovecot sends, for a thousand accounts from a thousand networks. Arguments: allow or report, and whether to say whose token it is.
local requests = {}
local count = 0

function init(args)
  local command = args[1]
  for number = 0, 999 do
    local body = string.format(
      '{"device_id":"\\"name\\" \\"Thunderbird\\" \\"version\\" \\"115.0\\"","fp":"%064x","login":"member%d@example.org",' ..
      '"protocol":"imap","pwhash":"0fc9","remote":"198.18.%d.%d","session_id":"g05KsOxggYl/%04d"%s,"tls":false}',
      number % 10, number * 977, number % 250, number / 250 + 10, number,
      command == "report" and ',"success":true,"policy_reject":false' or "")
    requests[number] = wrk.format("POST", "/?command=" .. command, {
      ["Authorization"] = "Basic d2ZvcmNlOmEtbG9uZy10b2tlbg==",
      ["Content-Type"] = "application/json",
      ["User-Agent"] = "dovecot/auth-policy-client",
    }, body)
  end
end

function request()
  count = count + 1
  return requests[count % 1000]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"errors":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
