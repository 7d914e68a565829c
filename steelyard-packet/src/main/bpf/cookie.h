/* SPDX-License-Identifier: MIT OR GPL-2.0 */
/*
 * SYN cookies: what has to be known of a client that has said SYN is in the number that it has to send back, and
 * nothing is kept here. The kernel's own cookies do not give the size of segments back to a program.
 *
 *   5 bits time │ 3 bits size of segments │ 24 bits SipHash-2-4 of these and of the connection
 *
 * The hash: Aumasson, Bernstein, "SipHash: a fast short-input PRF" (2012).
 */
#ifndef STEELYARD_COOKIE_H
#define STEELYARD_COOKIE_H

#include "config.h"
#include "maps.h"

#define COOKIE_HASH 0xffffff
#define COOKIE_TIMES 31

/* About 69 seconds; a cookie is good for one to two of these. */
#define COOKIE_PERIOD_SHIFT 36

/* Sizes that are common; the one that is no larger than the client's is taken. */
INLINE __u32 cookie_mss(__u32 index)
{
	switch (index & 7) {
	case 0:
		return 536;
	case 1:
		return 1220;
	case 2:
		return 1300;
	case 3:
		return 1360;
	case 4:
		return 1400;
	case 5:
		return 1440;
	case 6:
		return 1460;
	default:
		return 8940;
	}
}

INLINE __u32 mss_index(__u32 mss)
{
	__u32 index = 0;

#pragma unroll
	for (int i = 1; i < 8; i++)
		if (mss >= cookie_mss(i))
			index = i;
	return index;
}

INLINE __u64 rotated(__u64 value, int bits)
{
	return value << bits | value >> (64 - bits);
}

INLINE void sip_round(__u64 v[4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = rotated(v[1], 13) ^ v[0];
	v[3] = rotated(v[3], 16) ^ v[2];
	v[0] = rotated(v[0], 32);
	v[2] += v[1];
	v[0] += v[3];
	v[1] = rotated(v[1], 17) ^ v[2];
	v[3] = rotated(v[3], 21) ^ v[0];
	v[2] = rotated(v[2], 32);
}

INLINE void sip_word(__u64 v[4], __u64 word)
{
	v[3] ^= word;
	sip_round(v);
	sip_round(v);
	v[0] ^= word;
}

/* sequence: the client's first number; above: time and size, which are not hidden */
INLINE __u32 cookie_hash(const struct flow_key *key, __u32 sequence, __u64 above)
{
	__u32 zero = 0;
	struct secret *secret = bpf_map_lookup_elem(&secrets, &zero);
	__u64 v[4];

	if (!secret)
		return 0;
	v[0] = secret->key[0] ^ 0x736f6d6570736575ULL;
	v[1] = secret->key[1] ^ 0x646f72616e646f6dULL;
	v[2] = secret->key[0] ^ 0x6c7967656e657261ULL;
	v[3] = secret->key[1] ^ 0x7465646279746573ULL;
#pragma unroll
	for (int i = 0; i < ADDRESS_WORDS; i++)
		sip_word(v, (__u64)key->source.word[i] << 32 | key->destination.word[i]);
	sip_word(v, (__u64)key->source_port << 48 | (__u64)key->destination_port << 32 | sequence);
	sip_word(v, above);
	v[2] ^= 0xff;
#pragma unroll
	for (int i = 0; i < 4; i++)
		sip_round(v);
	return (v[0] ^ v[1] ^ v[2] ^ v[3]) & COOKIE_HASH;
}

INLINE __u32 cookie_of(const struct flow_key *key, __u32 sequence, __u64 period, __u32 index)
{
	return (__u32)(period & COOKIE_TIMES) << 27 | index << 24 | cookie_hash(key, sequence, period << 3 | index);
}

/* sequence: the client's first number; mss: what it can receive */
INLINE __u32 make_cookie(const struct flow_key *key, __u32 sequence, __u32 mss, __u64 now)
{
	return cookie_of(key, sequence, now >> COOKIE_PERIOD_SHIFT, mss_index(mss));
}

INLINE int is_cookie(const struct flow_key *key, __u32 sequence, __u32 cookie, __u64 now)
{
	__u64 period = now >> COOKIE_PERIOD_SHIFT;
	__u32 age = ((__u32)period - (cookie >> 27)) & COOKIE_TIMES;

	if (age > 1)
		return 0;
	return cookie == cookie_of(key, sequence, period - age, cookie >> 24 & 7);
}

#endif
