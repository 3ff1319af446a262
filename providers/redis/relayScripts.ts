import { redisScript } from './redisLink.js';

// Each of them may run twice, its first answer being lost, and does the same as once. The id of an entry is its number
// and the token of its producer: `7-123` is the seventh. It is the token that fences: a failover that loses what was
// acknowledged may give an epoch twice. Keys: state, entries, control, lease.

const expire = `
local function expire(ttl, remembered)
  redis.call('PEXPIRE', KEYS[2], ttl)
  redis.call('PEXPIRE', KEYS[1], remembered)
  redis.call('PEXPIRE', KEYS[3], remembered)
end
`;

/** ARGV: a token of this producer, take over ('1'), lease, ttl, remembered. */
export const openScript = redisScript(`${expire}
local state = redis.call('HMGET', KEYS[1], 'epoch', 'seq', 'end', 'token', 'by')
local epoch, seq = tonumber(state[1] or '0'), tonumber(state[2] or '0')
if state[3] then return {'ended', state[3]} end
if state[4] ~= ARGV[1] then
  if epoch > 0 and ARGV[2] ~= '1' and redis.call('GET', KEYS[4]) ~= 'released' then
    local left = redis.call('PTTL', KEYS[4])
    if left > 0 then return {'owned', left} end
  end
  epoch = epoch + 1
  redis.call('HSET', KEYS[1], 'epoch', epoch, 'seq', seq, 'token', ARGV[1])
  if epoch > 1 then redis.call('XADD', KEYS[3], 'MAXLEN', 8, '*', 'epoch', epoch) end
end
redis.call('SET', KEYS[4], epoch, 'PX', ARGV[3])
expire(ARGV[4], ARGV[5])
return {'open', epoch, seq, state[5] or ''}
`);

/**
 * ARGV: token, number of the first entry, maxLength ('' for none), ttl, remembered, how the last entry ends the stream
 * ('' where it doesn't), then for each entry the number of its words, and these.
 */
export const appendScript = redisScript(`${expire}
local state = redis.call('HMGET', KEYS[1], 'token', 'seq', 'end', 'by', 'epoch')
if not state[5] then return {'gone'} end
if state[1] ~= ARGV[1] then return {'fenced', state[5]} end
if state[3] then
  if state[4] == ARGV[1] then return {'ok', state[2]} end
  return {'ended', state[3]}
end
local seq, number = tonumber(state[2]), tonumber(ARGV[2])
if seq < number - 1 then return {'gap', state[2]} end
local at, last = 7, #ARGV
while at <= last do
  local words = tonumber(ARGV[at])
  if number > seq then
    local id = string.format('%.0f-', number) .. ARGV[1]
    if ARGV[3] == '' then
      redis.call('XADD', KEYS[2], id, unpack(ARGV, at + 1, at + words))
    else
      redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], id, unpack(ARGV, at + 1, at + words))
    end
    seq = number
  end
  number = number + 1
  at = at + words + 1
end
redis.call('HSET', KEYS[1], 'seq', string.format('%.0f', seq), 'by', ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[4])
if ARGV[6] ~= '' then
  redis.call('HSET', KEYS[1], 'end', ARGV[6])
  redis.call('DEL', KEYS[4])
  expire(ARGV[4], ARGV[5])
end
return {'ok', seq}
`);

/** ARGV: token, lease, ttl, remembered. */
export const renewScript = redisScript(`${expire}
local state = redis.call('HMGET', KEYS[1], 'token', 'end', 'by', 'epoch')
if not state[4] then return {'gone'} end
if state[1] ~= ARGV[1] then return {'fenced', state[4]} end
if state[2] then
  if state[3] == ARGV[1] then return {'ok'} end
  return {'ended', state[2]}
end
redis.call('SET', KEYS[4], state[4], 'PX', ARGV[2])
expire(ARGV[3], ARGV[4])
return {'ok'}
`);

/** ARGV: token, milliseconds that a successor has, ttl, remembered. */
export const releaseScript = redisScript(`${expire}
local state = redis.call('HMGET', KEYS[1], 'token', 'end')
if state[1] == ARGV[1] and not state[2] then
  if ARGV[2] == '0' then redis.call('DEL', KEYS[4])
  else redis.call('SET', KEYS[4], 'released', 'PX', ARGV[2]) end
  expire(ARGV[3], ARGV[4])
end
return {'ok'}
`);

/** ARGV: a token of this call, ttl, remembered. */
export const cancelScript = redisScript(`${expire}
local state = redis.call('HMGET', KEYS[1], 'seq', 'end', 'by')
if state[2] then
  if state[3] == ARGV[1] then return {'cancelled'} end
  return {'ended', state[2]}
end
local seq = tonumber(state[1] or '0') + 1
redis.call('XADD', KEYS[2], string.format('%.0f-0', seq), 'end', 'aborted')
redis.call('HSETNX', KEYS[1], 'epoch', 0)
redis.call('HSET', KEYS[1], 'seq', string.format('%.0f', seq), 'end', 'aborted', 'by', ARGV[1])
redis.call('XADD', KEYS[3], 'MAXLEN', 8, '*', 'cancel', '1')
redis.call('DEL', KEYS[4])
expire(ARGV[2], ARGV[3])
return {'cancelled'}
`);

/**
 * What a listener sees at once: whether there is such a stream, the number of its last entry, how it has ended, its
 * lease's milliseconds, and entries. ARGV: number to read after, how many to read (0: none).
 */
export const readScript = redisScript(`
local state = redis.call('HMGET', KEYS[1], 'epoch', 'seq', 'end')
local entries = {}
if ARGV[2] ~= '0' then
  local from = string.format('%.0f-0', tonumber(ARGV[1]) + 1)
  entries = redis.call('XRANGE', KEYS[2], from, '+', 'COUNT', ARGV[2])
end
return {state[1] or '', state[2] or '0', state[3] or '', redis.call('PTTL', KEYS[4]), entries}
`);
